import type { NewRecord } from './dataset-store.ts'
import type { ImportRefusal, ImportTask } from './import-task.ts'
import {
  type ImportItem,
  type ImportSources,
  type OpenImport,
  openImport,
  UnknownFormError,
} from './open-import.ts'
import { UnreadableFileError } from './rows/row.ts'
import type { Claim, ClaimedTask, ImportStep, TaskStore } from './task-store.ts'

export interface ImportTools extends ImportSources {
  readonly tasks: TaskStore
  readonly now: () => Date
  /** A new UUID, version 7. */
  readonly newId: () => string
}

/** How long a worker that says nothing more keeps others from its task. */
const claimLastsMs = 10_000

/** The same while a group of rows of a Parquet file is unpacked, which nothing can interrupt. */
const longClaimLastsMs = 60_000

/** What is stored at once: SQLite works in the process and keeps everything else waiting meanwhile. */
const most = { lines: 500, characters: 1_000_000 }

const mostReasonCharacters = 1000

export function claimOf(workerId: string, now: Date, lastsMs = claimLastsMs): Claim {
  return { workerId, now, until: new Date(now.getTime() + lastsMs) }
}

/** Somebody else goes on with the task. */
class LostClaimError extends Error {
  override readonly name = 'LostClaimError'
}

/** Turns that keep the claim while nothing is stored, as when lines are skipped that are done with. */
function keepingClaim(
  { id }: ClaimedTask,
  workerId: string,
  { tasks, now, nextTurn }: ImportTools,
): ImportSources['nextTurn'] {
  const renewAfterMs = { short: now().getTime(), long: 0 }
  return async (isLong = false) => {
    await nextTurn(isLong)
    const time = now()
    const length = isLong ? 'long' : 'short'
    if (time.getTime() < renewAfterMs[length]) return
    const claim = claimOf(workerId, time, isLong ? longClaimLastsMs : claimLastsMs)
    if ((await tasks.renew(id, claim)) === 'lost') throw new LostClaimError()
    renewAfterMs[length] = time.getTime() + claimLastsMs / 4
  }
}

/**
 * Goes on with an import until it has ended, or is no longer this worker's: some lines, what became of them and how far
 * it is are stored in one transaction, so that it can break off anywhere.
 * @throws what `nextTurn` throws, to break off; AssizeError `database_unavailable`
 */
export async function workOnImport(task: ClaimedTask, workerId: string, tools: ImportTools): Promise<void> {
  const progress = new ImportProgress(task, workerId, tools)
  const nextTurn = keepingClaim(task, workerId, tools)
  try {
    const source = await openImport(task, { ...tools, nextTurn })
    for await (const item of source.items) {
      progress.add(item)
      if (!progress.isFull) continue
      if ((await progress.store(source)) !== 'stored') return
      await nextTurn()
    }
    await progress.complete(source)
  } catch (error) {
    if (error instanceof LostClaimError) return
    if (error instanceof UnknownFormError) await progress.fail(error.message, error.refusals)
    else if (error instanceof UnreadableFileError) await progress.fail(error.message, [])
    else throw error
  }
}

/** What a task has made of its lines: the part that is stored, and the part that isn't yet. */
class ImportProgress {
  readonly #task: ClaimedTask
  readonly #workerId: string
  readonly #tools: ImportTools
  #stored: Pick<ImportTask, 'linesRead' | 'linesTaken' | 'progress'>
  #records: NewRecord[] = []
  #refusals: ImportRefusal[] = []
  #characters = 0

  constructor(task: ClaimedTask, workerId: string, tools: ImportTools) {
    this.#task = task
    this.#workerId = workerId
    this.#tools = tools
    this.#stored = task
  }

  get isFull(): boolean {
    return this.#linesWaiting >= most.lines || this.#characters >= most.characters
  }

  add(item: ImportItem): void {
    if ('reason' in item) {
      this.#refusals.push({ line: item.line, reason: item.reason.slice(0, mostReasonCharacters) })
      return
    }
    const { newId, now } = this.#tools
    this.#records.push({ ...item.record, id: newId(), createdAt: now() })
    this.#characters += JSON.stringify(item.record).length
  }

  async store(source: OpenImport): Promise<'stored' | 'ended'> {
    return await this.#advance(`Reading ${source.what}.`, Math.min(source.progress() ?? 0, 99))
  }

  async complete({ what }: OpenImport): Promise<void> {
    const read = this.#stored.linesRead + this.#linesWaiting
    const taken = this.#stored.linesTaken + this.#records.length
    const refused = read === taken ? '' : `, ${count(read - taken)} refused`
    await this.#advance(`Read ${what}: ${count(taken)} taken${refused}.`, 100, 'COMPLETED')
  }

  async fail(reason: string, refusals: readonly ImportRefusal[]): Promise<void> {
    for (const refusal of refusals) this.add(refusal)
    await this.#advance(reason, this.#stored.progress, 'FAILED')
  }

  get #linesWaiting(): number {
    return this.#records.length + this.#refusals.length
  }

  async #advance(
    message: string,
    progress: number | null,
    end?: ImportStep['end'],
  ): Promise<'stored' | 'ended'> {
    const { tasks, now } = this.#tools
    const { id, workspaceId, datasetId } = this.#task
    const result = await tasks.advance(
      {
        task: { id, workspaceId, datasetId },
        linesBefore: this.#stored.linesRead,
        records: this.#records,
        refusals: this.#refusals,
        progress,
        message,
        ...(end !== undefined && { end }),
      },
      claimOf(this.#workerId, now()),
    )
    this.#stored = {
      linesRead: this.#stored.linesRead + this.#linesWaiting,
      linesTaken: this.#stored.linesTaken + this.#records.length,
      progress,
    }
    this.#records = []
    this.#refusals = []
    this.#characters = 0
    if (result === 'dataset_missing') await this.#cancel()
    return result === 'stored' ? 'stored' : 'ended'
  }

  async #cancel(): Promise<void> {
    const end = {
      status: 'CANCELED',
      message: 'The dataset was deleted.',
      updatedAt: this.#tools.now(),
    } as const
    await this.#tools.tasks.end(this.#task.id, this.#workerId, end)
  }
}

function count(lines: number): string {
  return `${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'}`
}
