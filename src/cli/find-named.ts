import { AssizeError } from '../errors.ts'
import { isId } from '../judges/id.ts'
import type { Api } from './open-api.ts'
import { apiPath } from './remote.ts'

interface Named {
  readonly id: string
  readonly name: string
}

/**
 * Finds something by its id, or by its whole name.
 * @param plural as the API lists it: `judges`, `datasets`
 * @throws AssizeError `request_invalid` where nothing has the name, or several have; RemoteError
 */
export async function findNamed<Found extends Named>(
  api: Api,
  plural: 'judges' | 'datasets',
  name: string,
): Promise<Found> {
  if (isId(name)) return (await api.call('GET', `${apiPath}/${plural}/${name}`)).body
  const found: Found[] = []
  for await (const one of api.list(`${apiPath}/${plural}?q=${encodeURIComponent(name)}`, plural)) {
    if (one.name === name) found.push(one)
  }
  const [only, second] = found
  const kind = plural.slice(0, -1)
  if (only === undefined) {
    const message = `There is no ${kind} called ${JSON.stringify(name)}; expected its id or its whole name.`
    throw new AssizeError('request_invalid', message)
  }
  if (second === undefined) return only
  const ids = found.map(({ id }) => id).join(', ')
  throw new AssizeError(
    'request_invalid',
    `Several ${plural} are called ${JSON.stringify(name)}; expected one of the ids ${ids}.`,
  )
}
