import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { BusboyFileStream, BusboyInstance } from '@fastify/busboy'
import type { FastifyRequest } from 'fastify'
import { AssizeError } from '../errors.ts'

export type Bytes = AsyncIterable<Uint8Array>

/** Keeps a file's bytes while they come, and says by what they are found. */
export type Keep = (bytes: Bytes) => Promise<string>

/** What a request brought: one file, which is kept by now, and what was said of it. */
export interface Received {
  readonly fileId: string
  readonly name: string | null
  readonly mediaType: string | null
  readonly fields: Readonly<Record<string, string>>
}

const limits = { fieldSize: 100_000, fields: 20, files: 1, parts: 30, headerPairs: 100 }

/** Whether the body is a form, of which a file is a part, and not a file itself. */
export function isForm(request: FastifyRequest): boolean {
  return /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')
}

/**
 * Takes a form with one file, in its field `file`, as it comes.
 * @throws AssizeError `request_invalid`; and whatever `keep` throws
 */
export async function receiveForm(request: FastifyRequest, keep: Keep): Promise<Received> {
  const form = new FormReader(keep)
  try {
    const busboy = await openForm(request)
    form.listen(busboy)
    for await (const chunk of readOn(request.raw)) await form.feed(busboy, chunk)
    busboy.end()
    return await form.received
  } catch (error) {
    await form.abandon(error as Error)
    throw error
  } finally {
    request.raw.resume()
  }
}

async function openForm({ headers }: FastifyRequest): Promise<BusboyInstance> {
  const { Busboy } = await import('@fastify/busboy')
  try {
    return Busboy({
      headers: { 'content-type': headers['content-type'] ?? '' },
      limits,
      isPartAFile: (field, _type, name) => field === 'file' || name !== undefined,
    })
  } catch (error) {
    throw unreadable(error)
  }
}

/**
 * Takes the body as the file.
 * @throws AssizeError `request_invalid`; and whatever `keep` throws
 */
export async function receiveBody(request: FastifyRequest, keep: Keep): Promise<Received> {
  try {
    const fileId = await keep(readOn(request.raw))
    return { fileId, name: null, mediaType: request.headers['content-type'] ?? null, fields: {} }
  } finally {
    // What comes after a refusal is let pass, so that the answer arrives.
    request.raw.resume()
  }
}

/** The body; its connection stays open when nobody reads on. */
async function* readOn(request: IncomingMessage): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* request.iterator({ destroyOnReturn: false })
  } catch (error) {
    throw new AssizeError('request_invalid', 'The body was cut off.', { cause: error })
  }
}

class FormReader {
  readonly received: Promise<Received>
  readonly #keep: Keep
  readonly #fields: Record<string, string> = {}
  #file: BusboyFileStream | undefined
  #keeping: Promise<Omit<Received, 'fields'>> | undefined
  #settle: { resolve(received: Received): void; reject(error: unknown): void } | undefined

  constructor(keep: Keep) {
    this.#keep = keep
    this.received = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // Whoever feeds or waits hears of it.
    this.received.catch(() => {})
  }

  listen(busboy: BusboyInstance): void {
    const refuse = (found: string) => this.#settle?.reject(invalid(found))
    busboy.on('file', (field, stream, name, _encoding, mediaType) =>
      this.#take(field, stream, name, mediaType),
    )
    busboy.on('field', (field, value, _nameIsCut, isCut) => {
      if (isCut) refuse(`the field ${JSON.stringify(field)} is longer than ${limits.fieldSize} bytes`)
      else this.#fields[field] = value
    })
    busboy.on('filesLimit', () => refuse('it has more than one file'))
    busboy.on('fieldsLimit', () => refuse(`it has more than ${limits.fields} fields`))
    busboy.on('partsLimit', () => refuse(`it has more than ${limits.parts} parts`))
    busboy.on('error', (error) => this.#settle?.reject(unreadable(error)))
    busboy.on('finish', () => void this.#finish())
  }

  async feed(busboy: BusboyInstance, chunk: Uint8Array): Promise<void> {
    if (!busboy.write(chunk)) await Promise.race([once(busboy, 'drain'), this.received])
  }

  /** Ends what is being kept, and waits until nothing of it is left. */
  async abandon(error: Error): Promise<void> {
    this.#file?.destroy(error)
    await this.#keeping?.catch(() => {})
  }

  #take(field: string, stream: BusboyFileStream, name: string, mediaType: string): void {
    stream.on('error', () => {})
    if (field !== 'file') {
      this.#settle?.reject(invalid(`it has a file in the field ${JSON.stringify(field)}`))
      stream.resume()
      return
    }
    this.#file = stream
    this.#keeping = this.#keep(readPart(stream)).then((fileId) => ({ fileId, name: name ?? null, mediaType }))
    this.#keeping.catch((error) => this.#settle?.reject(error))
  }

  async #finish(): Promise<void> {
    if (this.#keeping === undefined) {
      this.#settle?.reject(invalid('it has no file'))
      return
    }
    const kept = await this.#keeping.catch(() => undefined)
    if (kept !== undefined) this.#settle?.resolve({ ...kept, fields: this.#fields })
  }
}

function invalid(found: string): AssizeError {
  return new AssizeError(
    'request_invalid',
    `The form can't be taken: ${found}; expected one file, in the field "file".`,
  )
}

function unreadable(cause: unknown): AssizeError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AssizeError('request_invalid', `The form can't be read: ${reason}.`, { cause })
}

/** The file in a form that breaks off breaks off too. */
async function* readPart(stream: BusboyFileStream): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stream
  } catch (error) {
    throw error instanceof AssizeError ? error : unreadable(error)
  }
}
