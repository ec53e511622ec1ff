import { uuidv7 } from 'uuidv7'
import { onTestFinished } from 'vitest'
import type { Definition } from '../../src/judges/definition.ts'
import type { NewJudge } from '../../src/judges/judge-store.ts'
import type { JudgmentRecord } from '../../src/judging/judgment.ts'
import { JudgeRows } from '../../src/storage/judge-rows.ts'
import { JudgmentRows } from '../../src/storage/judgment-rows.ts'
import { KeyRows } from '../../src/storage/key-rows.ts'
import { type Database, openDatabase } from '../../src/storage/open-database.ts'
import type { TestEngine } from '../support/engines.ts'

/** A new database with one workspace and one owner, gone when the test is finished. */
export interface World {
  readonly database: Database
  readonly judges: JudgeRows
  readonly keys: KeyRows
  readonly judgments: JudgmentRows
  readonly workspaceId: string
  readonly ownerId: string
}

export const someTime = new Date('2026-03-01T12:00:00.000Z')

export async function createWorld(engine: TestEngine): Promise<World> {
  const { location, drop } = await engine.createDatabase()
  const database = await openDatabase(location)
  onTestFinished(async () => {
    await database[Symbol.asyncDispose]()
    await drop()
  })
  const keys = new KeyRows(database)
  const { workspaceId, ownerId } = await addWorkspace(keys, 'default')
  return {
    database,
    keys,
    judges: new JudgeRows(database),
    judgments: new JudgmentRows(database),
    workspaceId,
    ownerId,
  }
}

export async function addWorkspace(
  keys: KeyRows,
  name: string,
): Promise<{ workspaceId: string; ownerId: string }> {
  const workspaceId = uuidv7()
  const ownerId = uuidv7()
  await keys.insertWorkspace({ id: workspaceId, name, createdAt: someTime })
  await keys.findOrInsertOwner({ id: ownerId, workspaceId, name: 'admin', createdAt: someTime })
  return { workspaceId, ownerId }
}

export function definition(change: Partial<Definition> = {}): Definition {
  return {
    name: 'Helpfulness',
    description: 'Whether the answer helps.',
    modelName: 'mistral-small-latest',
    output: {
      type: 'CLASSIFICATION',
      options: [
        { value: 'yes', description: 'It helps.' },
        { value: 'no', description: 'It does not.' },
      ],
    },
    instructions: 'Does {{ assistant_message }} help?',
    tools: ['web_search'],
    ...change,
  }
}

export const scale = {
  type: 'REGRESSION',
  min: 0.1,
  minDescription: 'bad',
  max: 1e8,
  maxDescription: 'good',
} as const

export function newJudge(world: World, change: Partial<Definition> = {}, createdAt = someTime): NewJudge {
  return {
    id: uuidv7(),
    workspaceId: world.workspaceId,
    ownerId: world.ownerId,
    createdAt,
    revisionId: uuidv7(),
    definition: definition(change),
  }
}

/** Stores a judge and gives what was stored. */
export async function addJudge(world: World, change: Partial<Definition> = {}, createdAt = someTime) {
  const judge = newJudge(world, change, createdAt)
  if ((await world.judges.insert(judge)) !== 'inserted')
    throw new Error(`not inserted: ${judge.definition.name}`)
  return judge
}

export function judgmentOf(judge: NewJudge, change: Partial<JudgmentRecord> = {}): JudgmentRecord {
  return {
    id: uuidv7(),
    workspaceId: judge.workspaceId,
    judgeId: judge.id,
    revisionId: judge.revisionId,
    createdAt: someTime,
    outcome: 'answered',
    answer: 'yes',
    analysis: 'It answers the question.',
    reason: null,
    conversation: '{"messages":[{"role":"user","content":"Hi"}]}',
    flags: [],
    distribution: {
      type: 'CLASSIFICATION',
      shares: new Map([
        ['yes', 0.75],
        ['no', 0.25],
      ]),
      method: 'samples',
    },
    votes: [
      {
        provider: 'mistral',
        modelName: 'mistral-small-latest',
        outcome: 'answered',
        answer: 'yes',
        analysis: null,
        reason: null,
      },
    ],
    agreement: 0.75,
    account: {
      provider: 'mistral',
      modelName: 'mistral-small-latest',
      enforcement: 'json_schema',
      leftOut: ['temperature'],
      attempts: 2,
      latencyMs: 812.25,
      inputTokens: 512,
      outputTokens: 64,
      toolUses: [{ name: 'files.read', arguments: '{}', resultBytes: 12, latencyMs: 3, outcome: 'done' }],
      isToolBudgetExhausted: false,
    },
    cost: 0.000_25,
    run: null,
    ...change,
  }
}

/** A world on a new database that others can open too, at its location. */
export async function createSharedWorld(engine: TestEngine) {
  const { location, drop } = await engine.createDatabase()
  onTestFinished(drop)
  const createDatabase = async () => ({ location, drop: async () => {} })
  return { location, world: await createWorld({ ...engine, createDatabase }) }
}
