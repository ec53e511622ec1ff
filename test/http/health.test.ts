import { describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { startTestAssize } from '../support/test-assize.ts'

for (const engine of engines) {
  describe(`health on ${engine.name}`, () => {
    it('is shown to anybody while the database answers', async () => {
      const { call } = await startTestAssize({ engine })
      for (const path of ['/healthz', '/readyz']) {
        expect(await call('GET', path, { key: false })).toMatchObject({ status: 200, body: { status: 'ok' } })
        expect((await call('HEAD', path, { key: false })).status).toBe(200)
      }
    })
  })
}

for (const engine of engines.filter(({ name }) => name === 'postgres')) {
  it('is not ready when the database is gone, but alive', async () => {
    const database = await engine.createDatabase()
    const { call } = await startTestAssize({ database: database.location })
    await database.drop()
    expect(await call('GET', '/readyz', { key: false })).toMatchObject({
      status: 503,
      body: {
        detail: { message: 'The database does not answer.', error_code: 'DATABASE_UNAVAILABLE' },
      },
    })
    expect(await call('GET', '/healthz', { key: false })).toMatchObject({ status: 200 })
  })
}
