import { createRequire } from 'node:module'
import type { Pool } from 'undici'

const require = createRequire(import.meta.url)

/**
 * A pool by its own file, which is a fifth of undici: with its fetch, its web sockets, caches and mocks it takes longer
 * to load than all else that a judgment needs.
 */
function loadPool(): typeof Pool {
  try {
    return require('undici/lib/dispatcher/pool.js')
  } catch (error) {
    // The file is not part of what undici promises; another version may have it elsewhere.
    if (
      !/^(?:MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED)$/.test(String((error as { code?: unknown }).code))
    )
      throw error
    const undici: typeof import('undici') = require('undici')
    return undici.Pool
  }
}

const LoadedPool = loadPool()

export { LoadedPool as Pool }
