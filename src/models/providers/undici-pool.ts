import { createRequire } from 'node:module'
import type { Dispatcher, Pool } from 'undici'

/** What is needed of undici. */
interface PoolModules {
  readonly Pool: typeof Pool
  /** `Dispatcher.prototype.request`. */
  readonly request: Dispatcher['request']
}

const require = createRequire(import.meta.url)

/**
 * A pool and its `request` by their own files, which are a fifth of undici: with its fetch, its web sockets, caches and
 * mocks it takes longer to load than all else that a judgment needs.
 */
function loadPool(): PoolModules {
  try {
    return {
      Pool: require('undici/lib/dispatcher/pool.js'),
      request: require('undici/lib/api/api-request.js'),
    }
  } catch (error) {
    // The files are not part of what undici promises; another version may have them elsewhere.
    if (
      !/^(?:MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED)$/.test(String((error as { code?: unknown }).code))
    )
      throw error
    const undici: typeof import('undici') = require('undici')
    return { Pool: undici.Pool, request: undici.Dispatcher.prototype.request }
  }
}

const { Pool: LoadedPool, request: loadedRequest } = loadPool()

export { LoadedPool as Pool }

/** The same as `dispatcher.request(options)`. */
export function request(
  dispatcher: Dispatcher,
  options: Dispatcher.RequestOptions,
): Promise<Dispatcher.ResponseData> {
  return loadedRequest.call(dispatcher, options) as Promise<Dispatcher.ResponseData>
}
