import { type Model, ModelFailure, type ModelReply, type ModelRequest } from '../../judging/model.ts'
import type { ToolDescription } from '../../judging/tool.ts'
import type { Logger } from '../../log.ts'
import { orAborted } from '../or-aborted.ts'
import { chooseTool } from './choose-tool.ts'
import { answerReserve, fittingPrompt, toolReserve } from './fitting-prompt.ts'
import { generateJudgment, replyStart } from './generate-judgment.ts'
import { type LlamaEngine, loadLlamaEngine } from './llama-engine.ts'
import { PromptStarts } from './prompt-start.ts'
import { SequencePool } from './sequence-pool.ts'
import { inWords, toolPrompt, toolStart } from './tool-prompt.ts'

export interface LlamaModelSettings {
  /** The GGUF file. */
  readonly path: string
  /** The most tokens of one judgment, prompt and answer together; no more than the model was trained for are used. */
  readonly contextTokens: number
  readonly maxAnalysisTokens: number
  /** Judgments at once; what waits together is evaluated together. */
  readonly parallelJudgments: number
  /** Absent: one for every core but one. */
  readonly threads?: number
  /** How long the model stays in memory after its last judgment. */
  readonly unloadAfterMs: number
  readonly log: Logger
}

/** A model that holds memory until it is disposed of. */
export type DisposableModel = Model & AsyncDisposable

/**
 * A GGUF model that runs inside this process. It is loaded when it is needed, and unloaded when it is idle for long.
 * Its answers can't be invalid: a grammar leaves the model nothing else to say, and the analysis is cut before the answer is.
 * @example await using model = createLlamaModel({ path: 'model.gguf', contextTokens: 8192, ... })
 */
export function createLlamaModel(settings: LlamaModelSettings): DisposableModel {
  return new LocalLlama(settings)
}

interface Loaded {
  readonly engine: LlamaEngine
  readonly pool: SequencePool
  readonly starts: PromptStarts
}

class LocalLlama implements DisposableModel {
  readonly #settings: LlamaModelSettings
  readonly #closing = new AbortController()
  readonly #running = new Set<Promise<unknown>>()
  #loading: Promise<Loaded> | undefined
  #unloading: Promise<void> = Promise.resolve()
  #idle: NodeJS.Timeout | undefined

  constructor(settings: LlamaModelSettings) {
    this.#settings = settings
  }

  async complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const stop = AbortSignal.any([signal, this.#closing.signal])
    stop.throwIfAborted()
    const work = this.#reply(request, stop)
    this.#running.add(work)
    clearTimeout(this.#idle)
    const forget = (): void => this.#forget(work)
    work.then(forget, forget)
    return await orAborted(work, stop)
  }

  #forget(work: Promise<unknown>): void {
    this.#running.delete(work)
    if (this.#running.size > 0 || this.#closing.signal.aborted) return
    this.#idle = setTimeout(() => this.#unload(), this.#settings.unloadAfterMs)
    this.#idle.unref()
  }

  /** Only when nothing runs: a judgment that comes meanwhile waits for the memory, and loads it again. */
  #unload(): void {
    const loading = this.#loading
    if (loading === undefined) return
    this.#loading = undefined
    const { log, path } = this.#settings
    this.#unloading = loading.then(unload).then(
      () => log.info({ path }, 'local model unloaded, because it was idle'),
      (error: unknown) => log.warn({ path, err: error }, 'a local model could not be unloaded'),
    )
  }

  /** With tools, a model calls one or judges at once: it is asked which first. */
  async #reply(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const { tools = [], messages } = request
    if (tools.length === 0) return await this.#judge(request, signal)
    return (
      (await this.#callTool(request, tools, signal)) ??
      this.#judge({ ...request, messages: inWords(messages) }, signal)
    )
  }

  async #callTool(
    { messages, sampling }: ModelRequest,
    tools: readonly ToolDescription[],
    signal: AbortSignal,
  ): Promise<ModelReply | undefined> {
    const { engine, pool, starts } = await this.#load()
    signal.throwIfAborted()
    const asked = toolPrompt(messages, tools)
    const reserve = toolReserve(tools)
    const prompt = fittingPrompt(engine, asked, toolStart, engine.contextTokens - reserve)
    using held = await pool.acquire(prompt, prompt.length + reserve, signal)
    await starts.evaluate(held.sequence, prompt, signal)
    const chosen = await chooseTool(engine, held.sequence, starts, { prompt, tools, sampling }, signal)
    if (chosen === undefined) return undefined
    const id = `call_${messages.filter(({ role }) => role === 'tool').length + 1}`
    return {
      text: '',
      finish: 'stop',
      enforcement: 'grammar',
      usage: { inputTokens: prompt.length, outputTokens: chosen.outputTokens },
      attempts: 1,
      toolCalls: [{ id, name: chosen.name, arguments: chosen.arguments }],
    }
  }

  async #judge(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const { engine, pool, starts } = await this.#load()
    signal.throwIfAborted()
    const reserve = answerReserve(request.output)
    const mostAnalysisTokens = Math.min(this.#settings.maxAnalysisTokens, request.maxOutputTokens - reserve)
    const maxAnalysisTokens = Math.max(1, mostAnalysisTokens)
    const replyTokens = maxAnalysisTokens + reserve
    const prompt = fittingPrompt(engine, request.messages, replyStart, engine.contextTokens - replyTokens)
    using held = await pool.acquire(prompt, prompt.length + replyTokens, signal)
    const reusedTokens = await starts.evaluate(held.sequence, prompt, signal)
    const judgment = await generateJudgment(
      engine,
      held.sequence,
      { ...request, prompt, maxAnalysisTokens },
      signal,
    )
    const usage = { inputTokens: prompt.length, outputTokens: judgment.outputTokens }
    this.#settings.log.debug({ ...usage, reusedTokens }, 'local model answered')
    const { text, optionProbabilities } = judgment
    const weighed = optionProbabilities === undefined ? {} : { optionProbabilities }
    return { text, finish: 'stop', enforcement: 'grammar', usage, attempts: 1, ...weighed }
  }

  /** A load that failed is tried again by the next judgment. */
  #load(): Promise<Loaded> {
    this.#loading ??= this.#unloading
      .then(() => loadLlamaEngine(this.#settings))
      .then(
        (engine) => {
          const pool = new SequencePool(engine)
          return { engine, pool, starts: new PromptStarts(engine, pool) }
        },
        (error: unknown) => {
          this.#loading = undefined
          throw error
        },
      )
    return this.#loading
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new ModelFailure('provider_failed', 'The local model is being shut down.'))
    clearTimeout(this.#idle)
    await Promise.allSettled(this.#running)
    await this.#unloading
    const loaded = await this.#loading?.catch(() => undefined)
    this.#loading = undefined
    if (loaded !== undefined) await unload(loaded)
  }
}

async function unload({ engine, pool }: Loaded): Promise<void> {
  await pool[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
}
