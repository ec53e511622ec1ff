import { randomBytes } from 'node:crypto'

/** Request ids are unique over processes, and cost no chance of their own for each request. */
export function createRequestIds(): () => string {
  const process = randomBytes(6).toString('hex')
  let requests = 0
  return () => `${process}-${++requests}`
}
