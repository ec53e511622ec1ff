import { missing, type Part } from './part.ts'
import { findPostgres, startPostgresServer } from './postgres-server.ts'

const name = 'PostgreSQL'

/** PostgreSQL where TEST_POSTGRES_URL says, or a private server of this run, with the binaries that Debian installs. */
export async function preparePostgres(): Promise<Part & AsyncDisposable> {
  const given = process.env.TEST_POSTGRES_URL
  if (given) return withNothingToStop({ name, state: 'the server that TEST_POSTGRES_URL names', env: {} })
  const binaries = findPostgres()
  if (binaries === undefined) {
    return withNothingToStop(
      missing(name, 'set TEST_POSTGRES_URL to the URL of a superuser, or install the package postgresql'),
    )
  }
  try {
    const server = await startPostgresServer(binaries)
    return {
      name,
      state: `a private server, with the binaries in ${binaries}`,
      env: { TEST_POSTGRES_URL: server.url },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  } catch (error) {
    return withNothingToStop(missing(name, (error as Error).message))
  }
}

function withNothingToStop(part: Part): Part & AsyncDisposable {
  return { ...part, async [Symbol.asyncDispose]() {} }
}
