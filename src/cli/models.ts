import { parseArgs } from 'node:util'
import { Presets, SingleBar } from 'cli-progress'
import type { ModelDirectory } from '../judging/model.ts'
import { checkModel, type Probe } from './check-model.ts'
import type { Command, Io } from './commands.ts'
import { table } from './table.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize models list [--json]
       assize models pull NAME|hf:OWNER/REPO/FILE.gguf
       assize models check MODEL

list shows the models that can run in this process, downloaded or not. pull downloads one into the data
directory; it is served as local/NAME. check asks any model that a judge could name for everything that a judgment
could ask for, and makes a judgment of each output type; it shows what works, and keeps it for judging where the
database of the configuration is there. The exit code is 0 when both judgments work.`

/** A model that can run in this process. */
interface ManagedModel {
  readonly name: string
  readonly sizeBytes: number
  readonly isSizeExact: boolean
  readonly licence: string | undefined
  readonly purpose: 'trying_out' | 'judging' | undefined
  readonly downloadedAt: Date | undefined
}

interface PullStep {
  readonly phase: 'waiting' | 'connecting' | 'downloading' | 'unpacking' | 'checking'
  /** Where it comes from, in words. */
  readonly from: string
  readonly receivedBytes: number
  readonly totalBytes: number | undefined
}

/** What the commands need of the models: to check any of them, and to list and fetch local ones. */
export interface ModelsToManage extends ModelDirectory, AsyncDisposable {
  /** Asks the providers what they have. */
  list(signal: AbortSignal): Promise<unknown>
  probe: Probe
  inventory(): Promise<readonly ManagedModel[]>
  pull(
    name: string,
    options: { onProgress: (step: PullStep) => void; signal: AbortSignal },
  ): Promise<{ readonly path: string; readonly isNew: boolean }>
}

export interface ModelsCommandSettings {
  /**
   * Called once a command is understood; what it gives is disposed of when the command ends.
   * @param keepsLessons whether what is learnt of models is to be kept
   */
  readonly openModels: (io: Io, keepsLessons: boolean) => Promise<ModelsToManage> | ModelsToManage
}

/** The commands that list, download and check models. */
export function createModelsCommand({ openModels }: ModelsCommandSettings): Command {
  async function run(args: readonly string[], io: Io): Promise<number> {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    })
    const [action = '', name, ...others] = positionals
    const isUnderstood = action === 'list' ? name === undefined : name !== undefined
    if (!['list', 'pull', 'check'].includes(action) || !isUnderstood || others.length > 0) {
      throw new UsageError('expected "list", "pull NAME" or "check MODEL".')
    }
    await using models = await openModels(io, action === 'check')
    if (name === undefined) return list(await models.inventory(), values.json, io)
    // Awaited here, so that the models are not closed under the work.
    return action === 'pull' ? await pull(models, name, io) : await check(models, name, io)
  }
  return { usage, run }
}

async function check(models: ModelsToManage, name: string, io: Io): Promise<number> {
  models.find(name)
  // Providers say in their lists how long a model's context is.
  await models.list(io.stop)
  return checkModel(models.find(name), models.probe, io)
}

function list(models: readonly ManagedModel[], asJson: boolean, io: Io): number {
  if (asJson) {
    const rows = models.map((model) => ({
      name: model.name,
      size_bytes: model.sizeBytes,
      licence: model.licence ?? null,
      downloaded_at: model.downloadedAt?.toISOString() ?? null,
      purpose: model.purpose ?? null,
    }))
    io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
    return 0
  }
  const rows = models.map((model) => [
    `local/${model.name}`,
    `${model.isSizeExact ? '' : 'about '}${inBytes(model.sizeBytes)}`,
    model.licence ?? '-',
    stateOf(model),
    model.purpose?.replace('_', ' ') ?? '-',
  ])
  io.stdout.write(table([['NAME', 'SIZE', 'LICENCE', 'STATE', 'FOR'], ...rows]))
  return 0
}

function stateOf({ downloadedAt, purpose }: ManagedModel): string {
  if (downloadedAt) return 'downloaded'
  return purpose === 'trying_out' ? 'downloaded when first used' : 'not downloaded'
}

function inBytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`
}

async function pull(models: ModelsToManage, name: string, io: Io): Promise<number> {
  const progress = pullProgress(io)
  try {
    const { path, isNew } = await models.pull(name, { onProgress: progress.show, signal: io.stop })
    progress.end()
    io.stderr.write(isNew ? 'Downloaded and checked.\n' : 'It is there already.\n')
    io.stdout.write(`${path}\n`)
    return 0
  } catch (error) {
    progress.end()
    if (!io.stop.aborted) throw error
    io.stderr.write('Stopped. The same command goes on from here.\n')
    return 1
  }
}

/** Shows a download on standard error: a bar on a terminal, lines elsewhere. */
export function pullProgress(io: Pick<Io, 'stderr'>): Progress {
  return io.stderr.isTTY ? barProgress(io) : lineProgress(io)
}

interface Progress {
  show(step: PullStep): void
  end(): void
}

/** A bar while bytes come, and a line for each other phase. */
function barProgress(io: Pick<Io, 'stderr'>): Progress {
  const format = '[{bar}] {percentage}%  {received} of {size}  {rate}/s  {eta_formatted} left'
  const bar = new SingleBar({ format, stream: io.stderr, hideCursor: true }, Presets.legacy)
  const lines = lineProgress(io)
  let start = { timeMs: 0, bytes: 0 }
  return {
    show(step) {
      const { phase, receivedBytes, totalBytes } = step
      if (phase !== 'downloading' || totalBytes === undefined) {
        bar.stop()
        lines.show(step)
        return
      }
      const timeMs = performance.now()
      if (!bar.isActive) start = { timeMs, bytes: receivedBytes }
      const rate = (receivedBytes - start.bytes) / Math.max(0.001, (timeMs - start.timeMs) / 1000)
      const shown = { received: inBytes(receivedBytes), size: inBytes(totalBytes), rate: inBytes(rate) }
      if (bar.isActive) bar.update(receivedBytes, shown)
      else bar.start(totalBytes, receivedBytes, shown)
    },
    end: () => bar.stop(),
  }
}

const lineEveryMs = 5000

/** For logs and pipes: a line for each new phase, and one every few seconds while bytes come. */
function lineProgress(io: Pick<Io, 'stderr'>): Progress {
  let [last, writtenAt] = ['', 0]
  return {
    show({ phase, from, receivedBytes, totalBytes }) {
      const now = performance.now()
      if (phase + from === last && now - writtenAt < lineEveryMs) return
      ;[last, writtenAt] = [phase + from, now]
      const total = totalBytes === undefined ? '' : ` of ${inBytes(totalBytes)}`
      const amount = phase === 'downloading' ? ` ${inBytes(receivedBytes)}${total}` : ''
      io.stderr.write(`${phase}${amount}${from === '' ? '' : ` (${from})`}\n`)
    },
    end: () => undefined,
  }
}
