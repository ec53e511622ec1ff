import { availableParallelism } from 'node:os'
import type { ChatWrapper, Llama, LlamaModel } from 'node-llama-cpp'
import { ModelFailure } from '../../judging/model.ts'
import type { Logger } from '../../log.ts'
import type { OpenContext } from './sequence-pool.ts'

type LlamaModule = typeof import('node-llama-cpp')

/** A model in memory. Judgments need a context, too. */
export interface LlamaEngine extends AsyncDisposable {
  readonly module: LlamaModule
  readonly llama: Llama
  readonly model: LlamaModel
  /** Writes messages the way the model was trained to read them. */
  readonly template: ChatWrapper
  /** The most tokens that one judgment can have room for, prompt and answer together. */
  readonly contextTokens: number
  /**
   * Takes the memory for so many judgments at once as the settings say.
   * @param tokens room for each of them, up to `contextTokens`
   * @throws ModelFailure where there is not enough memory
   */
  openContext(tokens: number): Promise<OpenContext>
}

export interface LlamaEngineSettings {
  readonly path: string
  readonly contextTokens: number
  readonly parallelJudgments: number
  /** Absent: see `spareThreads`. */
  readonly threads?: number
  readonly log: Logger
}

/**
 * Loads a GGUF file with llama.cpp, on the GPU when there is one that the prebuilt binaries know.
 * @throws ModelFailure when the optional package is missing, or the file can't be loaded.
 */
export async function loadLlamaEngine(settings: LlamaEngineSettings): Promise<LlamaEngine> {
  const module = await importLlama()
  await using opened = new AsyncDisposableStack()
  try {
    const startedAt = performance.now()
    const llama = opened.use(await openLlama(module, settings.log))
    const model = opened.use(await llama.loadModel({ modelPath: settings.path }))
    const loadMs = Math.round(performance.now() - startedAt)
    settings.log.info({ path: settings.path, loadMs, gpu: llama.gpu }, 'local model loaded')
    const stack = opened.move()
    return {
      module,
      llama,
      model,
      template: chatTemplate(module, model),
      contextTokens: Math.min(settings.contextTokens, model.trainContextSize),
      openContext: (tokens) => openContext(llama, model, settings, tokens),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    throw new ModelFailure(
      'provider_failed',
      `The local model ${settings.path} can't be loaded: ${reasonOf(error)}`,
      { cause: error, isRetryable: false },
    )
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function importLlama(): Promise<LlamaModule> {
  try {
    return await import('node-llama-cpp')
  } catch (error) {
    throw new ModelFailure(
      'provider_failed',
      'Local models need the optional package node-llama-cpp, which is not installed. Install it with: npm install node-llama-cpp',
      { cause: error, isRetryable: false },
    )
  }
}

/** Never builds llama.cpp from source: that would start a compiler inside a server. */
function openLlama(module: LlamaModule, log: Logger): Promise<Llama> {
  return module.getLlama({
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    // Its own default is at least 4 threads, which on 2 cores wait for each other.
    maxThreads: 0,
    logger: (level, message) => {
      const text = message.trim()
      if (level === 'error' || level === 'fatal') log.error({ from: 'llama.cpp' }, text)
      else if (level === 'warn') log.warn({ from: 'llama.cpp' }, text)
      else log.debug({ from: 'llama.cpp' }, text)
    },
  })
}

async function openContext(
  llama: Llama,
  model: LlamaModel,
  { path, parallelJudgments, threads, log }: LlamaEngineSettings,
  tokens: number,
): Promise<OpenContext> {
  try {
    const context = await model.createContext({
      sequences: parallelJudgments,
      contextSize: tokens,
      threads: threads ?? spareThreads(llama),
    })
    log.info({ path, contextTokens: tokens, parallelJudgments }, 'local model has room for judgments')
    return {
      sequences: Array.from({ length: context.totalSequences }, () => context.getSequence()),
      contextTokens: tokens,
      [Symbol.asyncDispose]: () => context.dispose(),
    }
  } catch (error) {
    throw new ModelFailure(
      'provider_failed',
      `The local model ${path} can't have a context of ${tokens} tokens for ${parallelJudgments} judgments at once: ${reasonOf(error)}`,
      { cause: error, isRetryable: false },
    )
  }
}

/**
 * One core is left to the server and the rest of the machine: llama.cpp's threads wait for each other at every
 * step, so that one of them without a core made all of it three to six times slower.
 */
function spareThreads(llama: Llama): number {
  return Math.max(1, Math.min(llama.cpuMathCores, availableParallelism() - 1))
}

/** The answer is forced into its form, so a model that could think first is told not to. */
function chatTemplate(module: LlamaModule, model: LlamaModel): ChatWrapper {
  return module.resolveChatWrapper(model, {
    warningLogs: false,
    customWrapperSettings: { qwen: { thoughts: 'discourage' }, jinjaTemplate: { reasoning: false } },
  })
}
