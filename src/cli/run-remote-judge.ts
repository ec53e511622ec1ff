import { AssizeError } from '../errors.ts'
import { type Definition, isSameDefinition } from '../judges/definition.ts'
import { fromDefinition, shownDefinition, toDefinition } from '../judges/definition-document.ts'
import type { Io } from './commands.ts'
import { findNamed } from './find-named.ts'
import { readDefinition } from './input-files.ts'
import { apiPath, type Remote } from './remote.ts'

/** A judge of a server. */
export interface RemoteJudge {
  readonly id: string
  readonly definition: Definition
}

/**
 * The judge of a server by its id or name, or the one of a file: where the server has none of its name, it is saved
 * there.
 * @throws AssizeError `request_invalid` where the server's judge of this name says something else; RemoteError
 */
export async function findRemoteJudge(name: string, remote: Remote, io: Io): Promise<RemoteJudge> {
  if (!/\.(?:ya?ml|json)$/i.test(name)) return shown(await findNamed(remote, 'judges', name))
  const definition = await readDefinition(name, io)
  const query = `${apiPath}/judges?q=${encodeURIComponent(definition.name)}`
  for await (const judge of remote.list(query, 'judges')) {
    if (judge.name !== definition.name) continue
    const found = shown(judge)
    if (isSameDefinition(found.definition, definition)) return found
    throw new AssizeError(
      'request_invalid',
      `${remote.url} has a judge ${JSON.stringify(definition.name)} that says something else than ${name}: "assize judges apply" replaces it; or give --judge its id ${judge.id} to run it as it is.`,
    )
  }
  const json = fromDefinition(definition)
  return shown((await remote.call('POST', `${apiPath}/judges`, { json })).body)
}

function shown(judge: { readonly id: string }): RemoteJudge {
  return { id: judge.id, definition: toDefinition(shownDefinition.parse(judge)) }
}
