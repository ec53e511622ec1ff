import { parseJson } from '../parse-json.ts'
import { failureFromReply, type ProviderAnswer } from '../provider-error.ts'
import type { ProviderModel } from './provider-model.ts'

/** One answer of several to the question for all models. */
export interface ModelPage {
  readonly models: readonly ProviderModel[]
  /** Where the next one is; undefined after the last. */
  readonly nextPath: string | undefined
}

/** A provider whose list never ends is not followed for ever. */
const maxPages = 20

/**
 * All models of a list that comes in pages.
 * @param ask gets a page; throws where the provider answers with no success
 * @param read undefined where it is no page: that throws a `ModelFailure`
 */
export async function listPages(
  firstPath: string,
  ask: (path: string) => Promise<ProviderAnswer>,
  read: (parsed: unknown) => ModelPage | undefined,
): Promise<readonly ProviderModel[]> {
  const models: ProviderModel[] = []
  let path: string | undefined = firstPath
  for (let pages = 0; path !== undefined && pages < maxPages; pages += 1) {
    const answer: ProviderAnswer = await ask(path)
    const page = read(parseJson(answer.body))
    if (page === undefined) throw failureFromReply(answer, 'no list of models')
    models.push(...page.models)
    path = page.nextPath
  }
  return models
}
