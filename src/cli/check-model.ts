import type { Output } from '../judges/definition.ts'
import { readAnswer } from '../judging/answer.ts'
import { type FoundModel, ModelFailure, type ModelReply } from '../judging/model.ts'
import type { Io } from './commands.ts'

const checkedOutputs: readonly Output[] = [
  {
    type: 'CLASSIFICATION',
    options: [
      { value: 'correct', description: 'The answer is right.' },
      { value: 'wrong', description: 'The answer is not right.' },
    ],
  },
  { type: 'REGRESSION', min: 0, minDescription: 'useless', max: 1, maxDescription: 'perfect' },
]

/** Makes a judgment of each output type with a model, and prints what works. Gives the exit code. */
export async function checkModel({ provider, modelName, model }: FoundModel, io: Io): Promise<number> {
  io.stdout.write(`${provider}/${modelName}\n`)
  let isWorking = true
  for (const output of checkedOutputs) {
    const startedAt = performance.now()
    const request = { modelName, output, messages: checkMessages(output), maxOutputTokens: 512 }
    const result = await model.complete(request, io.stop).then(
      (reply) => describeReply(reply, output),
      (error: unknown) => describeFailure(error, io.stop),
    )
    const latencyMs = Math.round(performance.now() - startedAt)
    io.stdout.write(
      `${result.works ? 'works ' : 'failed'}  ${output.type}  ${latencyMs} ms  ${result.text}\n`,
    )
    isWorking &&= result.works
  }
  return isWorking ? 0 : 1
}

function checkMessages(output: Output) {
  const form =
    output.type === 'CLASSIFICATION' ? '"correct" or "wrong"' : 'a number from 0 (useless) to 1 (perfect)'
  const content = `Judge the assistant's answer. Reply with JSON: {"analysis": "one short sentence", "answer": ...}, where the answer is ${form}.`
  return [
    { role: 'system', content },
    { role: 'user', content: 'user: What is 2 + 2?\nassistant: 4' },
  ] as const
}

interface CheckResult {
  readonly works: boolean
  readonly text: string
}

function describeReply(reply: ModelReply, output: Output): CheckResult {
  const reading = readAnswer(reply.text, output)
  const { inputTokens, outputTokens } = reply.usage
  const account = `by ${reply.enforcement}  ${inputTokens} + ${outputTokens} tokens  ${reply.attempts} call${reply.attempts === 1 ? '' : 's'}`
  if (!reading.isReadable) return { works: false, text: `${account}  ${reply.finish}: ${reading.problem}` }
  return { works: true, text: `${account}  ${JSON.stringify(reading.answer)}: ${reading.analysis}` }
}

function describeFailure(error: unknown, stop: AbortSignal): CheckResult {
  if (stop.aborted) return { works: false, text: 'stopped' }
  if (error instanceof ModelFailure) return { works: false, text: `${error.kind}: ${error.message}` }
  throw error
}
