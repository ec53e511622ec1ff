import type { DatabaseConnection, Dialect, Driver } from 'kysely'
import { AssizeError } from '../errors.ts'

/**
 * The same dialect, whose errors are `database_unavailable` when `isUnavailable` says so of the driver's own.
 * Every query, whoever makes it, passes here, so nothing else needs to know how an engine says that it is gone.
 */
export function reportUnavailable(dialect: Dialect, isUnavailable: (error: unknown) => boolean): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => reportingDriver(dialect.createDriver(), isUnavailable),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (kysely) => dialect.createIntrospector(kysely),
  }
}

/** Its message is fit for any caller: the driver's own words, which name hosts and users, are in its cause. */
function databaseUnavailable(cause: unknown): AssizeError {
  const { code, errcode, errstr } = cause as { code?: unknown; errcode?: unknown; errstr?: unknown }
  const detail = typeof errstr === 'string' ? ` (${errstr})` : typeof code === 'string' ? ` (${code})` : ''
  const found =
    (typeof errcode === 'number' && faultsOfSqlite[errcode & 0xff]) || faultsOfPostgres[String(code)]
  return new AssizeError(
    'database_unavailable',
    `${found ?? "The database can't be reached"}${detail}. Try again later.`,
    { cause },
  )
}

const full = 'The database has no room: its disk is full, and what is stored can only be read'
const faulty = "The database can't be written or read: its disk is full or fails"

const faultsOfSqlite: Readonly<Record<number, string>> = { 10: faulty, 13: full }
const faultsOfPostgres: Readonly<Record<string, string>> = { '53100': full, '58030': faulty }

function reportingDriver(driver: Driver, isUnavailable: (error: unknown) => boolean): Driver {
  const reported = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work
    } catch (error) {
      throw isUnavailable(error) ? databaseUnavailable(error) : error
    }
  }
  const reporting = new WeakSet<DatabaseConnection>()
  // The connection is changed in place, since the driver keeps what it knows of a connection under its identity.
  const reportOn = (connection: DatabaseConnection): DatabaseConnection => {
    if (reporting.has(connection)) return connection
    const executeQuery = connection.executeQuery.bind(connection)
    connection.executeQuery = (query, options) => reported(executeQuery(query, options))
    reporting.add(connection)
    return connection
  }
  return {
    init: (options) => reported(driver.init(options)),
    acquireConnection: async (options) => reportOn(await reported(driver.acquireConnection(options))),
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    releaseConnection: (connection, options) => driver.releaseConnection(connection, options),
    destroy: (options) => driver.destroy(options),
  }
}
