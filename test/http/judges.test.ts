import { describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

for (const engine of engines) {
  describe(`judges on ${engine.name}`, () => {
    async function start() {
      const database = await engine.createDatabase()
      return startTestAssize({ database: database.location })
    }

    it('creates a judge and shows it', async () => {
      const { call } = await start()
      const created = await call('POST', path, { body: approval })
      expect(created.status).toBe(201)
      expect(created.body).toEqual({
        ...approval,
        id: expect.stringMatching(uuidV7),
        created_at: '2026-01-02T03:04:05.000Z',
        updated_at: '2026-01-02T03:04:05.000Z',
        deleted_at: null,
        owner_id: expect.stringMatching(uuidV7),
        workspace_id: expect.stringMatching(uuidV7),
        base_revision: expect.stringMatching(uuidV7),
        down_revision: null,
        up_revision: null,
      })
      const fetched = await call('GET', `${path}/${created.body.id}`)
      expect(fetched.body).toEqual(created.body)
      expect(fetched.headers.etag).toBe(created.headers.etag)
    })
  })
}
