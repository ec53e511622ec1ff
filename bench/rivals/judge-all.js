import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'

/**
 * Judges each conversation of a file of JSON lines, so many at once, and writes what was said as JSON lines: what a
 * program around a library has to do.
 */
export async function judgeAll(dataPath, outPath, concurrency, judge) {
  const lines = createInterface({ input: createReadStream(dataPath) })[Symbol.asyncIterator]()
  const out = createWriteStream(outPath)
  const work = async () => {
    for (;;) {
      const { value: line, done } = await lines.next()
      if (done) return
      const { id, messages } = JSON.parse(line)
      const said = await judge(messages[0].content, messages[1].content)
      out.write(`${JSON.stringify({ id, ...said })}\n`)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  await new Promise((resolve) => out.end(resolve))
}

export const instructions = 'Is the response right?'

/** Of this process: file of conversations, file of results, base URL, judgments at once. */
export const [dataPath, outPath, baseUrl] = process.argv.slice(2)
export const concurrency = Number(process.argv[5])
