import type { LessonStore, ModelLesson } from '../judging/model-lessons.ts'
import type { Logger } from '../log.ts'
import { type Lesson, readLesson, writeLesson } from './lesson.ts'
import { isSameForm, meetBoth, type RequestForm } from './request-form.ts'

/** Providers learn new things: after a week, a model is asked for everything again. */
export const lessonLastsMs = 7 * 24 * 3_600_000
/** How soon one process sees what another has learnt, or what `assize models check` has found. */
const readAgainAfterMs = 60_000

interface LessonBookSettings {
  /** Absent: lessons last as long as the process. */
  readonly store?: LessonStore
  readonly log?: Logger
  readonly nowMs?: () => number
}

/** What was learnt of one provider's models. */
export interface ProviderLessons {
  find(modelName: string): RequestForm | undefined
  /** Adds to what is known: calls that learn at once may learn different things, and all of it holds. */
  learn(modelName: string, form: RequestForm): void
  /** Puts this in the place of what is known; a promise of it being kept. */
  replace(modelName: string, form: RequestForm): Promise<void>
}

interface Known extends Lesson {
  /** When the row was written that says so. */
  readonly writtenAtMs: number
  /** What isn't kept yet, or could not be, holds in this process whatever the row says. */
  readonly isKept: boolean
}

/**
 * What was learnt of all models. Nobody waits for it: it is read in the background, and a model that is called
 * before is asked for everything. Where two processes write at once, the last one wins: what is lost is learnt
 * again by one call that the provider refuses, and a refused call costs no tokens.
 * @example await using lessons = new LessonBook({ store, log }); lessons.of('mistral', address).find(modelName)
 */
export class LessonBook implements AsyncDisposable {
  readonly #store: LessonStore | undefined
  readonly #log: Logger | undefined
  readonly #nowMs: () => number
  readonly #known = new Map<string, Known>()
  readonly #addresses = new Map<string, string>()
  #readAtMs = Number.NEGATIVE_INFINITY
  /** Reads and writes, one after the other. */
  #work: Promise<void> = Promise.resolve()

  constructor({ store, log, nowMs = Date.now }: LessonBookSettings = {}) {
    this.#store = store
    this.#log = log
    this.#nowMs = nowMs
  }

  /** @param address of the protocol and the server; lessons of another one are ignored */
  of(provider: string, address: string): ProviderLessons {
    this.#addresses.set(provider, address)
    const write = (modelName: string, lesson: Omit<Lesson, 'address'>): Promise<void> =>
      this.#write(provider, modelName, { ...lesson, address })
    this.#readNowAndThen()
    return {
      find: (modelName) => this.#find(provider, modelName)?.form,
      learn: (modelName, form) => {
        const known = this.#find(provider, modelName)
        const learnt = known === undefined ? form : meetBoth(known.form, form)
        if (known !== undefined && isSameForm(learnt, known.form)) return
        // As old as its oldest part, so that learning often doesn't put off asking again.
        void write(modelName, { form: learnt, sinceMs: known?.sinceMs ?? this.#nowMs() })
      },
      replace: (modelName, form) => write(modelName, { form, sinceMs: this.#nowMs() }),
    }
  }

  #find(provider: string, modelName: string): Known | undefined {
    this.#readNowAndThen()
    const known = this.#known.get(keyOf(provider, modelName))
    return known !== undefined && this.#nowMs() - known.sinceMs < lessonLastsMs ? known : undefined
  }

  #write(provider: string, modelName: string, lesson: Lesson): Promise<void> {
    const key = keyOf(provider, modelName)
    const writtenAtMs = this.#nowMs()
    const known = { ...lesson, writtenAtMs, isKept: this.#store === undefined }
    this.#known.set(key, known)
    this.#work = this.#work.then(async () => {
      try {
        const learntAt = new Date(writtenAtMs)
        await this.#store?.keep({ provider, modelName, lesson: writeLesson(lesson), learntAt })
        if (this.#known.get(key) === known) this.#known.set(key, { ...known, isKept: true })
      } catch (err) {
        this.#log?.warn({ err, provider, model: modelName }, 'what was learnt of a model could not be kept')
      }
    })
    return this.#work
  }

  #readNowAndThen(): void {
    const nowMs = this.#nowMs()
    if (this.#store === undefined || nowMs - this.#readAtMs < readAgainAfterMs) return
    this.#readAtMs = nowMs
    this.#work = this.#work.then(() => this.#read(this.#store))
  }

  async #read(store: LessonStore | undefined): Promise<void> {
    try {
      for (const row of (await store?.list()) ?? []) this.#take(row)
    } catch (err) {
      this.#log?.warn({ err }, 'what was learnt of models could not be read')
    }
  }

  #take({ provider, modelName, lesson: text, learntAt }: ModelLesson): void {
    const key = keyOf(provider, modelName)
    const known = this.#known.get(key)
    const writtenAtMs = learntAt.getTime()
    if (known !== undefined && (!known.isKept || known.writtenAtMs === writtenAtMs)) return
    const lesson = readLesson(text)
    if (lesson === undefined || lesson.address !== this.#addresses.get(provider)) return
    this.#known.set(key, { ...lesson, writtenAtMs, isKept: true })
  }

  /** Waits until everything that was learnt is kept, or could not be. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#work
  }
}

function keyOf(provider: string, modelName: string): string {
  return `${provider}/${modelName}`
}
