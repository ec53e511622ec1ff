import { expect, it } from 'vitest'
import { openDatabase } from '../../src/storage/open-database.ts'
import { definitionOf, faultOf, materialOf } from '../support/judge-mixed.ts'
import { behaviours } from '../support/mixed-behaviours.ts'
import { caseOf, startMixedProvider } from '../support/mixed-provider.ts'
import { type Answer, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const count = 2 * Object.keys(behaviours).length

const refused = [400, 'JUDGE_MISTRAL_API_ERROR']
const failed = [502, 'JUDGE_MISTRAL_API_ERROR']

/** What the contract says of each outcome. */
const answersByOutcome: Readonly<Record<string, readonly unknown[]>> = {
  answered: [200, undefined],
  unreadable: failed,
  truncated: failed,
  refused: failed,
  provider_failed: failed,
  filtered: refused,
  context_overflow: refused,
  invalid_request: refused,
  rate_limited: [429, 'JUDGE_MISTRAL_API_ERROR'],
  timed_out: [408, 'JUDGE_MISTRAL_API_TIMEOUT'],
}

/** Judges by a saved judge of the same definition, made where there is none. */
function createCaller({ call }: TestAssize): (id: number) => Promise<Answer> {
  const judges = new Map<string, Promise<string>>()
  return async (id) => {
    const { modelName, output, ...definition } = definitionOf(id)
    const name = `${definition.name} ${modelName}`
    const judge = judges.get(name) ?? create(name, modelName)
    judges.set(name, judge)
    return call('POST', `${path}/${await judge}/live-judging?include=details`, { body: materialOf(id) })

    async function create(judgeName: string, model: string): Promise<string> {
      const shown =
        output.type === 'CLASSIFICATION'
          ? output
          : {
              type: output.type,
              min: output.min,
              min_description: output.minDescription,
              max: output.max,
              max_description: output.maxDescription,
            }
      const body = { ...definition, name: judgeName, model_name: model, output: shown }
      const made = await call('POST', path, { body })
      expect(made.status, JSON.stringify(made.body)).toBe(201)
      return made.body.id
    }
  }
}

it(`answers ${count} calls as the contract says, and keeps each judgment once`, {
  timeout: 60_000,
}, async () => {
  await using provider = await startMixedProvider()
  const providers = ['steady', 'limiting', 'stalling'].map((name) => ({
    name,
    type: 'openai' as const,
    baseUrl: `${provider.url}/${name}/v1`,
    models: [],
    maxInFlight: 64,
  }))
  const judging = {
    deadlineMs: 5000,
    maxOutputTokens: 512,
    maxAttempts: 3,
    maxToolRounds: 8,
    sampleTemperature: 1,
  }
  const assize = await startTestAssize({ config: { providers, judging }, asksProviders: true })
  const judge = createCaller(assize)
  const ids = Array.from({ length: count }, (_, id) => id).filter(
    (id) => caseOf(id).behaviour.ends !== 'abandoned',
  )
  const answers: (Answer & { readonly id: number })[] = []
  const left = ids.values()
  const callers = Array.from({ length: 16 }, async () => {
    for (const id of left) answers.push({ id, ...(await judge(id)) })
  })
  await Promise.all(callers)

  await using database = await openDatabase(assize.config.database)
  const rows = await database.kysely.selectFrom('judgments').selectAll().execute()
  const kept = new Map(rows.map((row) => [row.id, row]))
  expect(rows).toHaveLength(ids.length)
  for (const { id, status, body } of answers) {
    const told = body.detail?.judgment ?? body
    const row = kept.get(told.details?.judgment_id)
    const place = `${id} (${caseOf(id).name}): ${JSON.stringify(body)}`
    kept.delete(told.details?.judgment_id)
    expect(row, place).toMatchObject({ outcome: told.outcome })
    expect([status, body.detail?.error_code], place).toEqual(answersByOutcome[told.outcome])
    expect(JSON.parse(row?.answer ?? 'null'), place).toBe(body.answer ?? null)
    const { ends } = caseOf(id).behaviour
    expect(
      faultOf({ ...told, answer: body.answer, reason: body.detail?.message }, ends, caseOf(id).right),
      place,
    ).toBe(undefined)
  }
  expect(kept.size).toBe(0)
})
