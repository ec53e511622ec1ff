import { describe, test } from 'vitest'
import { engines } from './databases.ts'

export { engines, type TestEngine } from './databases.ts'

// Where PostgreSQL can't be tested, each test file shows it as skipped.
if (engines.length === 1) {
  describe.skip('postgres: set TEST_POSTGRES_URL to the URL of a superuser to run this part', () => {
    test('is not run', () => {})
  })
}
