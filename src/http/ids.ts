import { z } from 'zod'

/** An id in a path, a query or a body. */
export const uuid = z.guid('expected a UUID')
