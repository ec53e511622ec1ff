/**
 * A model server that takes as little of the machine as it can: `provider.js LATENCY_MS`. What is to be answered, each
 * caller's path says, so that no request needs to be understood.
 */
import { createServer } from 'node:http'

const latencyMs = Number(process.argv[2])
const analysis = 'The response says what was asked for, in the words that one would expect of it.'

function completion(message, finish = 'stop') {
  return Buffer.from(
    JSON.stringify({
      id: 'cmpl-1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'judge-small',
      choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
      usage: { prompt_tokens: 120, completion_tokens: 24, total_tokens: 144 },
    }),
  )
}

const judgment = completion({ content: JSON.stringify({ analysis, answer: 'yes' }) })
const choice = { name: 'select_choice', arguments: JSON.stringify({ reasons: analysis, choice: 'yes' }) }
const answers = {
  assize: judgment,
  undici: judgment,
  autoevals: completion(
    { content: null, tool_calls: [{ id: 'call_1', type: 'function', function: choice }] },
    'tool_calls',
  ),
  openevals: completion({ content: JSON.stringify({ reasoning: analysis, score: true }) }),
  promptfoo: completion({ content: JSON.stringify({ reason: analysis, pass: true, score: 1 }) }),
}

const server = createServer((request, answer) => {
  const body = answers[request.url.split('/')[1]]
  const send = () => {
    answer.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
    answer.end(body)
  }
  request.resume().on('end', () => (latencyMs === 0 ? send() : setTimeout(send, latencyMs)))
})
server.keepAliveTimeout = 60_000
process.once('SIGTERM', () => process.exit(0))
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`)
})
