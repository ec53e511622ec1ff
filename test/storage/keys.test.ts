import { uuidv7 } from 'uuidv7'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Founding, KeyRecord } from '../../src/access/key-store.ts'
import { KeyRows } from '../../src/storage/key-rows.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { engines, type TestEngine } from '../support/engines.ts'
import { addWorkspace, createWorld, someTime, type World } from './world.ts'

function keyOf(world: Pick<World, 'workspaceId' | 'ownerId'>, change: Partial<KeyRecord> = {}): KeyRecord {
  return {
    id: uuidv7(),
    workspaceId: world.workspaceId,
    ownerId: world.ownerId,
    name: 'laptop',
    role: 'editor',
    hash: uuidv7().replaceAll('-', '').padEnd(64, '0'),
    hint: 'ask_1234',
    createdAt: someTime,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    ...change,
  }
}

function newFounding(): Founding {
  const workspace = { id: uuidv7(), name: 'default', createdAt: someTime }
  const owner = { id: uuidv7(), workspaceId: workspace.id, name: 'admin', createdAt: someTime }
  return { workspace, owner, key: keyOf({ workspaceId: workspace.id, ownerId: owner.id }, { role: 'admin' }) }
}

async function openEmpty(engine: TestEngine) {
  const { location, drop } = await engine.createDatabase()
  const one = await openDatabase(location)
  const two = await openDatabase(location)
  onTestFinished(async () => {
    await one[Symbol.asyncDispose]()
    await two[Symbol.asyncDispose]()
    await drop()
  })
  return [new KeyRows(one), new KeyRows(two)] as const
}

const noWork = async () => {}
const minutesLater = (minutes: number) => new Date(someTime.getTime() + minutes * 60_000)

for (const engine of engines) {
  describe(`keys on ${engine.name}`, () => {
    test('a server is founded once', async () => {
      const [keys] = await openEmpty(engine)
      const founding = newFounding()
      expect(await keys.found(founding, noWork)).toBe('founded')
      expect(await keys.found(newFounding(), () => Promise.reject(new Error('not called')))).toBe('exists')
      expect(await keys.listWorkspaces()).toEqual([founding.workspace])
      expect(await keys.findByHash(founding.key.hash)).toEqual(founding.key)
    })

    test('nothing is founded when the work before the commit fails, or is seen before it', async () => {
      const [keys, others] = await openEmpty(engine)
      const failing = keys.found(newFounding(), async () => {
        expect(await others.listWorkspaces()).toEqual([])
        throw new Error('disk full')
      })
      await expect(failing).rejects.toThrow('disk full')
      expect(await keys.listWorkspaces()).toEqual([])
      expect(await keys.found(newFounding(), noWork)).toBe('founded')
    })

    test('one of two that found at once succeeds', async () => {
      const [one, two] = await openEmpty(engine)
      const results = await Promise.all([one.found(newFounding(), noWork), two.found(newFounding(), noWork)])
      expect(results.toSorted()).toEqual(['exists', 'founded'])
      expect(await one.listWorkspaces()).toHaveLength(1)
    })

    test('a workspace and an owner are made once by name', async () => {
      const world = await createWorld(engine)
      const { keys, workspaceId, ownerId } = world
      expect(await keys.insertWorkspace({ id: uuidv7(), name: 'default', createdAt: someTime })).toBe(
        'name_taken',
      )
      expect(await keys.findWorkspace('default')).toEqual({
        id: workspaceId,
        name: 'default',
        createdAt: someTime,
      })
      expect(await keys.findWorkspace('none')).toBeUndefined()
      const owner = { workspaceId, name: 'admin', createdAt: minutesLater(5) }
      expect(await keys.findOrInsertOwner({ ...owner, id: uuidv7() })).toEqual({
        ...owner,
        id: ownerId,
        createdAt: someTime,
      })
      const owners = await Promise.all(
        Array.from({ length: 8 }, () => keys.findOrInsertOwner({ ...owner, name: 'ann', id: uuidv7() })),
      )
      expect(new Set(owners.map(({ id }) => id)).size).toBe(1)
    })

    test('keys are listed newest first, of one workspace', async () => {
      const world = await createWorld(engine)
      const older = keyOf(world, { expiresAt: minutesLater(60) })
      const newer = keyOf(world, { createdAt: minutesLater(1), role: 'viewer' })
      expect(await world.keys.insertKey(older)).toBe('inserted')
      expect(await world.keys.insertKey(newer)).toBe('inserted')
      expect(await world.keys.insertKey(keyOf(world, { hash: older.hash }))).toBe('known')
      expect(await world.keys.listKeys(world.workspaceId)).toEqual([newer, older])
      const second = await addWorkspace(world.keys, 'second')
      expect(await world.keys.listKeys(second.workspaceId)).toEqual([])
      expect(await world.keys.revokeKey(second.workspaceId, older.id, someTime)).toBe('missing')
    })

    test('a key keeps the first time it was revoked', async () => {
      const world = await createWorld(engine)
      const key = keyOf(world)
      await world.keys.insertKey(key)
      expect(await world.keys.revokeKey(world.workspaceId, key.id, minutesLater(1))).toBe('revoked')
      expect(await world.keys.revokeKey(world.workspaceId, key.id, minutesLater(2))).toBe('revoked')
      expect(await world.keys.revokeKey(world.workspaceId, uuidv7(), minutesLater(2))).toBe('missing')
      expect(await world.keys.findByHash(key.hash)).toEqual({ ...key, revokedAt: minutesLater(1) })
    })

    test('the last use of a key moves forward only', async () => {
      const world = await createWorld(engine)
      const [one, two] = [keyOf(world), keyOf(world, { lastUsedAt: minutesLater(5) })]
      await world.keys.insertKey(one)
      await world.keys.insertKey(two)
      const uses = new Map([
        [one.id, minutesLater(3)],
        [two.id, minutesLater(3)],
        [uuidv7(), minutesLater(3)],
      ])
      await world.keys.markUsed(uses)
      await world.keys.markUsed(new Map())
      expect((await world.keys.findByHash(one.hash))?.lastUsedAt).toEqual(minutesLater(3))
      expect((await world.keys.findByHash(two.hash))?.lastUsedAt).toEqual(minutesLater(5))
    })
  })
}
