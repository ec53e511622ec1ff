import { AssizeError } from '../errors.ts'
import type { FoundModel, Model, ModelDirectory } from '../judging/model.ts'
import type { HostedProvider } from './hosted-provider.ts'
import { KeptList } from './kept-list.ts'
import { matchesPattern } from './matches-pattern.ts'
import type { ProviderModel } from './providers/provider-model.ts'

/** A model that judges can name. */
export interface ListedModel {
  /** What a judge's `model_name` can say. */
  readonly id: string
  readonly ownedBy: string
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly maxContextTokens?: number | undefined
  readonly createdAt?: Date | undefined
}

/** The models that run in this process. */
export interface LocalModels extends AsyncDisposable {
  /** By its name without `local/`; undefined when there is none. Throws AssizeError when it must be fetched first. */
  find(modelName: string): Model | undefined
  /** Their ids are without `local/`. */
  list(): Promise<readonly ListedModel[]>
}

const localName = 'local'

/**
 * Finds and lists models over all providers of the configuration and this process. It owns them: they are closed
 * with it.
 * @example await using models = new Directory(providers, undefined); models.find('mistral/mistral-small-latest')
 */
export class Directory implements ModelDirectory, AsyncDisposable {
  readonly #providers: readonly HostedProvider[]
  readonly #lists: ReadonlyMap<HostedProvider, KeptList<ProviderModel>>
  readonly #local: LocalModels | undefined
  /** As they were last seen, for messages, which can't wait. */
  #localNames: readonly string[] = []

  /** @param local undefined where models in the process are switched off */
  constructor(providers: readonly HostedProvider[], local: LocalModels | undefined) {
    this.#providers = providers
    this.#local = local
    this.#lists = new Map(
      providers.map((provider) => [provider, new KeptList((signal) => provider.listModels(signal))]),
    )
    void this.#listLocal().catch(() => undefined)
  }

  find(modelName: string): FoundModel {
    const found = this.#findHosted(modelName) ?? this.#findLocal(modelName)
    if (found !== undefined) return found
    throw new AssizeError(
      'model_not_served',
      `model_name: nobody serves ${JSON.stringify(modelName)}. ${this.#whoCould()}`,
    )
  }

  /**
   * What judges can name. A provider that can't be asked is listed as it last was, or by the names of its
   * configuration. Throws the signal's reason.
   */
  async list(signal: AbortSignal): Promise<readonly ListedModel[]> {
    const lists = [
      ...this.#providers.map((provider) => this.#listHosted(provider, signal)),
      this.#listLocal(),
    ]
    const models = (await Promise.all(lists)).flat()
    return [...new Map(models.map((model) => [model.id, model])).values()]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const owned = [...this.#lists.values(), ...this.#providers, ...(this.#local ? [this.#local] : [])]
    await Promise.all(owned.map((one) => one[Symbol.asyncDispose]()))
  }

  /** The name of a provider in front decides; a pattern only where there is none. */
  #findHosted(modelName: string): FoundModel | undefined {
    const [prefix, ownName] = splitName(modelName)
    if (prefix === localName) return undefined
    const named = ownName === '' ? undefined : this.#providers.find(({ name }) => name === prefix)
    if (named !== undefined) return { provider: named.name, modelName: ownName, model: named.model }
    const matching = this.#providers.find(({ patterns }) =>
      patterns.some((pattern) => matchesPattern(modelName, pattern)),
    )
    return matching && { provider: matching.name, modelName, model: matching.model }
  }

  #findLocal(modelName: string): FoundModel | undefined {
    const [prefix, ownName] = splitName(modelName)
    if (prefix !== localName || ownName === '') return undefined
    const model = this.#local?.find(ownName)
    return model && { provider: localName, modelName: ownName, model }
  }

  async #listHosted(provider: HostedProvider, signal: AbortSignal): Promise<readonly ListedModel[]> {
    const listed = await this.#lists.get(provider)?.get(signal)
    const models =
      listed ?? provider.patterns.filter((pattern) => !pattern.includes('*')).map((id) => ({ id }))
    return models.map(({ id, ...model }: Pick<ProviderModel, 'id'> & Partial<ProviderModel>) => {
      const found = this.#findHosted(id)
      const isFoundAlone = found?.provider === provider.name && found.modelName === id
      return {
        ...model,
        id: isFoundAlone ? id : `${provider.name}/${id}`,
        ownedBy: model.ownedBy ?? provider.name,
      }
    })
  }

  async #listLocal(): Promise<readonly ListedModel[]> {
    const models = (await this.#local?.list()) ?? []
    this.#localNames = models.map(({ id }) => `${localName}/${id}`)
    return models.map((model) => ({ ...model, id: `${localName}/${model.id}` }))
  }

  #whoCould(): string {
    const served = this.#providers.map(
      ({ name, patterns }) => `${name} (${[...patterns, `${name}/NAME`].join(', ')})`,
    )
    if (this.#local !== undefined) {
      const names = this.#localNames.length === 0 ? [`${localName}/NAME`] : this.#localNames
      served.push(`${localName} (${names.join(', ')})`)
    }
    return `This server has: ${served.join('; ') || 'no provider'}. Set MISTRAL_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL, or add a provider to the YAML file that ASSIZE_CONFIG names.`
  }
}

function splitName(modelName: string): readonly [prefix: string, ownName: string] {
  const at = modelName.indexOf('/')
  return at < 0 ? ['', modelName] : [modelName.slice(0, at), modelName.slice(at + 1)]
}
