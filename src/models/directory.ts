import { AssizeError } from '../errors.ts'
import type { FoundModel, Model, ModelDirectory } from '../judging/model.ts'
import type { HostedProvider } from './hosted-provider.ts'

/** A model that judges can name. */
export interface ListedModel {
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
  list(): Promise<readonly ListedModel[]>
}

const localName = 'local'
const listTimeoutMs = 3000
const listKeptMs = 300_000

/** Finds and lists models over all providers of the configuration and this process. */
export class Directory implements ModelDirectory, AsyncDisposable {
  readonly #providers: readonly HostedProvider[]
  readonly #local: LocalModels | undefined
  readonly #lists = new Map<
    string,
    { readonly untilMs: number; readonly models: Promise<readonly ListedModel[]> }
  >()

  /** @param local undefined where models in the process are switched off */
  constructor(providers: readonly HostedProvider[], local: LocalModels | undefined) {
    this.#providers = providers
    this.#local = local
  }

  find(modelName: string): FoundModel {
    const [prefix = '', ...rest] = modelName.split('/')
    const ownName = rest.join('/')
    const named = this.#providers.find((provider) => provider.name === prefix)
    if (named && ownName !== '') return { provider: named.name, modelName: ownName, model: named.model }
    const local = prefix === localName && ownName !== '' ? this.#local?.find(ownName) : undefined
    if (local) return { provider: localName, modelName: ownName, model: local }
    const matching = this.#providers.find(({ patterns }) =>
      patterns.some((pattern) => matches(modelName, pattern)),
    )
    if (matching) return { provider: matching.name, modelName, model: matching.model }
    throw new AssizeError(
      'model_not_served',
      `model_name: nobody serves ${JSON.stringify(modelName)}. ${this.#whoCould()}`,
    )
  }

  /** A provider that can't be asked is listed by the names of its configuration. */
  async list(signal: AbortSignal): Promise<readonly ListedModel[]> {
    const lists = [
      ...this.#providers.map((provider) => this.#listKept(provider, signal)),
      this.#local?.list() ?? Promise.resolve([]),
    ]
    return (await Promise.all(lists)).flat()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#providers, ...(this.#local ? [this.#local] : [])].map((one) => one[Symbol.asyncDispose]()),
    )
  }

  async #listKept(provider: HostedProvider, signal: AbortSignal): Promise<readonly ListedModel[]> {
    const kept = this.#lists.get(provider.name)
    const nowMs = performance.now()
    const models =
      kept && kept.untilMs > nowMs
        ? kept.models
        : provider.listModels(AbortSignal.any([signal, AbortSignal.timeout(listTimeoutMs)]))
    if (models !== kept?.models) this.#lists.set(provider.name, { untilMs: nowMs + listKeptMs, models })
    try {
      return await models
    } catch {
      this.#lists.delete(provider.name)
      return provider.patterns
        .filter((pattern) => !pattern.includes('*'))
        .map((name) => ({ id: `${provider.name}/${name}`, ownedBy: provider.name, name }))
    }
  }

  #whoCould(): string {
    const served = this.#providers.map(
      ({ name, patterns }) => `${name} (${[...patterns, `${name}/...`].join(', ')})`,
    )
    const all = this.#local
      ? [...served, `${localName} (${localName}/NAME; "assize models list" shows the names)`]
      : served
    return `This server has: ${all.join('; ') || 'no provider'}. Set MISTRAL_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL, or add a provider to the YAML file that ASSIZE_CONFIG names.`
  }
}

function matches(modelName: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*')
  if (others.length === 0) return modelName === pattern
  const last = others.pop() ?? ''
  if (
    modelName.length < first.length + last.length ||
    !modelName.startsWith(first) ||
    !modelName.endsWith(last)
  )
    return false
  let rest = modelName.slice(first.length, modelName.length - last.length)
  for (const part of others) {
    const at = rest.indexOf(part)
    if (at < 0) return false
    rest = rest.slice(at + part.length)
  }
  return true
}
