/** The API of a program that serves, for whoever knows what comes. */
export class ServedApi {
  /** Where it is now. */
  readonly url: () => string
  readonly key: string

  constructor(url: () => string, key: string) {
    this.url = url
    this.key = key
  }

  /** Throws unless the answer is a success. */
  // biome-ignore lint/suspicious/noExplicitAny: whoever asks knows what comes
  async call(method: string, path: string, body?: object): Promise<any> {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const text = await this.#send(method, path, type, body && JSON.stringify(body))
    return text === '' ? undefined : JSON.parse(text)
  }

  download(path: string): Promise<string> {
    return this.#send('GET', path, {})
  }

  async upload(path: string, lines: string): Promise<void> {
    await this.#send('POST', path, { 'content-type': 'application/jsonl' }, lines)
  }

  async #send(method: string, path: string, type: object, body?: string): Promise<string> {
    const headers = { authorization: `Bearer ${this.key}`, ...type }
    const answer = await fetch(new URL(path, this.url()), { method, headers, body: body ?? null })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text
  }
}
