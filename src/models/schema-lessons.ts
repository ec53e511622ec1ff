import type { ModelRequest } from '../judging/model.ts'
import { lessonLastsMs } from './lesson-book.ts'
import { meetBoth, type RequestForm } from './request-form.ts'
import { responseSchema } from './response-schema.ts'

const maxSchemasKept = 1000

/** What was learnt of single schemas, as long as the process lasts: they are many, and each costs one call. */
export class SchemaLessons {
  readonly #nowMs: () => number
  readonly #learnt = new Map<string, { readonly form: RequestForm; readonly sinceMs: number }>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  find(request: ModelRequest): RequestForm | undefined {
    if (this.#learnt.size === 0) return undefined
    const known = this.#learnt.get(schemaKey(request))
    return known !== undefined && this.#nowMs() - known.sinceMs < lessonLastsMs ? known.form : undefined
  }

  learn(request: ModelRequest, form: RequestForm): void {
    const known = this.find(request)
    const [oldest] = this.#learnt.keys()
    if (this.#learnt.size >= maxSchemasKept && oldest !== undefined) this.#learnt.delete(oldest)
    const learnt = known === undefined ? form : meetBoth(known, form)
    this.#learnt.set(schemaKey(request), { form: learnt, sinceMs: this.#nowMs() })
  }
}

function schemaKey({ modelName, output }: ModelRequest): string {
  return JSON.stringify([modelName, responseSchema(output)])
}
