import { AssizeError } from '../errors.ts'
import type { FoundModel, Model, ModelDirectory } from '../judging/model.ts'
import { fitContext } from './fit-context.ts'
import type { HostedProvider } from './hosted-provider.ts'
import { KeptList } from './kept-list.ts'
import type { KnownForm } from './known-form.ts'
import { matchesPattern } from './matches-pattern.ts'
import type { Probe, ProbeMaterial } from './probe-model.ts'
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
  /** How it is asked, where that was learnt or checked. */
  readonly knownForm?: KnownForm | undefined
}

/** The models that run in this process. */
export interface LocalModels extends AsyncDisposable {
  /** By its name without `local/`; undefined when there is none. Throws AssizeError when it must be fetched first. */
  find(modelName: string): Model | undefined
  /** Their ids are without `local/`. */
  list(): Promise<readonly ListedModel[]>
  /** Judgments at once in each of them; more would wait. */
  readonly parallelJudgments: number
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
  /** As they were last seen, for those who can't wait. */
  #localModels: readonly ListedModel[] = []

  /** @param local undefined where models in the process are switched off */
  constructor(providers: readonly HostedProvider[], local: LocalModels | undefined) {
    this.#providers = providers
    this.#local = local
    this.#lists = new Map(
      providers.map((provider) => [provider, new KeptList((signal) => provider.listModels(signal))]),
    )
    void this.#listLocal().catch(() => undefined)
  }

  /** How many calls each provider lets through at once now. */
  callsAllowed(): readonly { readonly provider: string; readonly allowed: number }[] {
    return this.#providers.map(({ name, callsAllowedNow }) => ({
      provider: name,
      allowed: callsAllowedNow(),
    }))
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

  /**
   * Asks a hosted model for everything that could be asked, and keeps what it takes. Throws the signal's reason.
   * @returns undefined for a model of this process, which takes everything
   */
  async probe(
    { provider, modelName }: Pick<FoundModel, 'provider' | 'modelName'>,
    material: ProbeMaterial,
    signal: AbortSignal,
  ): Promise<Probe | undefined> {
    return this.#providers.find(({ name }) => name === provider)?.probe(modelName, material, signal)
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
    if (named !== undefined) return this.#foundHosted(named, ownName)
    const matching = this.#providers.find(({ patterns }) =>
      patterns.some((pattern) => matchesPattern(modelName, pattern)),
    )
    return matching && this.#foundHosted(matching, modelName)
  }

  #foundHosted(provider: HostedProvider, modelName: string): FoundModel {
    const listed = this.#lists.get(provider)?.last()
    const maxContextTokens = listed?.find(({ id }) => id === modelName)?.maxContextTokens
    const model =
      maxContextTokens === undefined ? provider.model : fitContext(provider.model, maxContextTokens)
    const { name, runsConnectors, callsAllowedNow } = provider
    return { provider: name, modelName, model, maxContextTokens, runsConnectors, callsAllowedNow }
  }

  #findLocal(modelName: string): FoundModel | undefined {
    const [prefix, ownName] = splitName(modelName)
    if (prefix !== localName || ownName === '') return undefined
    const local = this.#local
    const model = local?.find(ownName)
    if (local === undefined || model === undefined) return undefined
    const maxContextTokens = this.#localModels.find(({ id }) => id === modelName)?.maxContextTokens
    const callsAllowedNow = (): number => local.parallelJudgments
    return { provider: localName, modelName: ownName, model, maxContextTokens, callsAllowedNow }
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
        knownForm: provider.knownForm(id),
      }
    })
  }

  async #listLocal(): Promise<readonly ListedModel[]> {
    const models = (await this.#local?.list()) ?? []
    this.#localModels = models.map((model) => ({ ...model, id: `${localName}/${model.id}` }))
    return this.#localModels
  }

  #whoCould(): string {
    const served = this.#providers.map(
      ({ name, patterns }) => `${name} (${[...patterns, `${name}/NAME`].join(', ')})`,
    )
    if (this.#local !== undefined) {
      const names = this.#localModels.map(({ id }) => id)
      served.push(`${localName} (${names.join(', ') || `${localName}/NAME`})`)
    }
    return `This server has: ${served.join('; ') || 'no provider'}. Set MISTRAL_API_KEY, OPENAI_API_KEY, OPENAI_BASE_URL, ANTHROPIC_API_KEY or GEMINI_API_KEY, or add a provider to the YAML file that ASSIZE_CONFIG names.`
  }
}

function splitName(modelName: string): readonly [prefix: string, ownName: string] {
  const at = modelName.indexOf('/')
  return at < 0 ? ['', modelName] : [modelName.slice(0, at), modelName.slice(at + 1)]
}
