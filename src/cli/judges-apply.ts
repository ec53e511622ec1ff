import { createInterface } from 'node:readline/promises'
import { AssizeError } from '../errors.ts'
import type { Change, Planned, Unchanged } from '../judges/judge-plan.ts'
import type { Io } from './commands.ts'
import type { JudgesPlaces } from './judges-compare.ts'
import { type Links, readLinks } from './judges-links.ts'
import { hasConflicts, makePlan, type PlanRequest } from './judges-plan.ts'
import { planAsText } from './judges-plan-output.ts'
import type { LatestJudge } from './judges-source.ts'
import { RemoteError } from './remote-error.ts'
import { visibleText } from './visible-text.ts'

/**
 * Shows the plan, asks, and carries it out, one judge after the other. Gives the exit code: 0 when the judges are as the
 * files say.
 * @throws AssizeError, RemoteError where nothing was changed yet
 */
export async function applyJudges(request: PlanRequest, isAgreed: boolean, io: Io): Promise<number> {
  const plan = await makePlan(request)
  io.stdout.write(planAsText(plan, request))
  if (hasConflicts(plan)) {
    io.stderr.write(conflictAdvice)
    return 1
  }
  const changes = plan.planned.filter((one) => isChange(one))
  if (changes.length > 0 && !isAgreed && !(await isConfirmed(io))) {
    io.stderr.write('Nothing was changed.\n')
    return 1
  }
  await using memory = new Memory(request, plan.comparison.links)
  for (const one of plan.planned) if (one.action === 'unchanged') memory.keepSame(one)
  return await carryOut(changes, request, memory, io)
}

const conflictAdvice = `Nothing was changed, because of conflicts, which "assize judges diff" shows. "assize judges pull" takes over what was
saved where the files were not changed. Where they were: bring into them what shall stay, then "assize judges pull --keep".
Or override what is saved with --force. Each goes for one judge alone with --judge NAME.
`

function isChange(planned: Planned): planned is Change {
  return planned.action !== 'unchanged' && planned.action !== 'conflict'
}

async function isConfirmed(io: Io): Promise<boolean> {
  const lines = createInterface({ input: io.stdin, output: io.stdout })
  try {
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
    const answer = await Promise.race([lines.question('Apply this? [y/N] ', { signal: io.stop }), closed])
    return /^y(?:es)?$/i.test(answer.trim())
  } catch (error) {
    if (io.stop.aborted) return false
    throw error
  } finally {
    lines.close()
  }
}

/** To write it for each of a thousand judges would take longer than to save them. */
const writtenEveryMs = 1000

/** Keeps what the folder remembers up to date; what a crash takes of the last second is found out again by the next run. */
class Memory implements AsyncDisposable {
  readonly #places: JudgesPlaces
  #links: Links | undefined
  #writtenAtMs = performance.now()

  constructor(places: JudgesPlaces, links: Links | undefined) {
    this.#places = places
    this.#links = links
  }

  keepSame({ file, saved }: Unchanged): void {
    this.#links?.set(file.path, saved)
  }

  async keep(path: string, judge: LatestJudge): Promise<void> {
    const { place, source } = this.#places
    this.#links ??= await readLinks(place, judge.workspaceId, source.name)
    this.#links.set(path, judge)
    await this.#write()
  }

  async forget(judgeId: string): Promise<void> {
    this.#links?.forget(judgeId)
    await this.#write()
  }

  async #write(): Promise<void> {
    if (performance.now() - this.#writtenAtMs < writtenEveryMs) return
    await this.#links?.save()
    this.#writtenAtMs = performance.now()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#links?.save()
  }
}

async function carryOut(
  changes: readonly Change[],
  { source }: JudgesPlaces,
  memory: Memory,
  io: Io,
): Promise<number> {
  for (const [at, change] of changes.entries()) {
    try {
      io.stop.throwIfAborted()
      if (change.action === 'delete') {
        await source.remove(change.saved)
        await memory.forget(change.saved.id)
      } else {
        const { path, definition } = change.file
        const saved =
          change.action === 'create'
            ? await source.create(definition)
            : await source.replace(change.saved, definition)
        await memory.keep(path, saved)
      }
    } catch (error) {
      const why = io.stop.aborted ? 'Stopped.' : told(error)
      io.stderr.write(
        `${why}\nDone: ${namesOf(changes.slice(0, at))}.\nNot done: ${namesOf(changes.slice(at))}.\n`,
      )
      return 1
    }
    io.stdout.write(`${done[change.action]} ${namesOf([change])}\n`)
  }
  return 0
}

const done = { create: 'created', update: 'updated', delete: 'deleted' } as const

function told(error: unknown): string {
  if (error instanceof AssizeError || error instanceof RemoteError) return error.message
  throw error
}

function namesOf(changes: readonly Change[]): string {
  const names = changes.map((change) =>
    change.action === 'delete' ? change.saved.definition.name : change.file.definition.name,
  )
  return names.length === 0 ? 'nothing' : names.map(visibleText).join(', ')
}
