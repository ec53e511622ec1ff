import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ResultFile } from '../../src/cli/run-files.ts'
import { type RunItem, toItem } from '../../src/cli/run-item.ts'
import { ResultStream } from '../../src/cli/run-stream.ts'

function makeDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'assize-results-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

function itemAt(line: number): RunItem {
  return toItem(line, { payload: { messages: [{ role: 'user', content: `Say ${line}.` }] }, properties: {} })
}

function textOf({ line, id, fingerprint }: RunItem, outcome = 'answered', note = 'é'): string {
  return JSON.stringify({
    id,
    line,
    outcome,
    answer: outcome === 'answered' ? 'yes' : null,
    analysis: note.repeat(line % 7),
    input_tokens: 1,
    output_tokens: 1,
    cost: null,
    judge_name: 'Judge',
    judge_fingerprint: 'f',
    output: { type: 'CLASSIFICATION', options: ['yes'] },
    input_fingerprint: fingerprint,
  })
}

function openFile(
  path: string,
  given: { isResumed?: boolean; retriesFailed?: boolean } = {},
): Promise<ResultFile> {
  return ResultFile.open({
    path,
    isResumed: false,
    retriesFailed: false,
    onLoaded: () => undefined,
    ...given,
  })
}

async function linesOf(path: string): Promise<readonly string[]> {
  return (await readFile(path, 'utf8')).split('\n').slice(0, -1)
}

describe('a file of results', () => {
  it('is in the order of the records, whatever the order of the results', async () => {
    const dir = makeDir()
    const path = join(dir, 'out.jsonl')
    const items = Array.from({ length: 3000 }, (_, at) => itemAt(at + 1))
    const shuffled = items.toSorted((one, other) => ((one.line * 7919) % 3001) - ((other.line * 7919) % 3001))
    await using file = await openFile(path)
    await Promise.all(
      shuffled.map((item) => file.add(item, textOf(item, 'answered', 'a longer analysis '.repeat(60)))),
    )
    expect(await readdir(dir)).not.toContain('out.jsonl')
    await file.finish()
    expect(await readdir(dir)).not.toContain('out.jsonl.part')
    expect((await linesOf(path)).map((text) => JSON.parse(text).line)).toEqual(items.map(({ line }) => line))
  })

  it('has every record once, wherever its journal is cut off', async () => {
    const dir = makeDir()
    const items = Array.from({ length: 12 }, (_, at) => itemAt(at + 1))
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(items), fc.nat(), fc.boolean(), async (judged, cut, isTwice) => {
        const path = join(dir, `${judged.length}-${cut}-${isTwice}.jsonl`)
        const part = `${path}.part`
        for (const old of [path, part]) rmSync(old, { force: true })
        const texts = judged.map((item) => `${textOf(item)}\n`)
        await writeFile(part, texts.join(''))
        const bytes = Buffer.byteLength(texts.join(''))
        await truncate(part, cut % (bytes + 1))
        const before = await readFile(part, 'utf8')
        let rejudged = 0
        const goOn = async (some: readonly RunItem[]): Promise<void> => {
          await using file = await openFile(path, { isResumed: true })
          for (const item of some.filter((one) => !file.has(one))) {
            rejudged += 1
            await file.add(item, textOf(item))
          }
          await file.finish()
        }
        if (isTwice) await goOn(items.slice(0, 5))
        await goOn(items)
        expect((await linesOf(path)).map((text) => JSON.parse(text).line)).toEqual(
          items.map(({ line }) => line),
        )
        // A line counts once its end is there.
        expect(rejudged).toBe(items.length - before.split('\n').length + 1)
      }),
      { numRuns: 60 },
    )
  })

  it('is lost to no crash between its replacement and the removal of its journal', async () => {
    const path = join(makeDir(), 'out.jsonl')
    const [one, two] = [itemAt(1), itemAt(2)]
    await writeFile(path, `${textOf(one)}\n${textOf(two)}\n`)
    await writeFile(`${path}.part`, `${textOf(two)}\n${textOf(one)}\n`)
    const seen: unknown[] = []
    await using file = await ResultFile.open({
      path,
      isResumed: true,
      retriesFailed: false,
      onLoaded: (result, replaced) => seen.push([result.line, replaced]),
    })
    expect(seen).toEqual([
      [1, undefined],
      [2, undefined],
    ])
    await file.finish()
    expect(await linesOf(path)).toEqual([textOf(one), textOf(two)])
  })

  it('replaces what got no answer, where that is wanted', async () => {
    const path = join(makeDir(), 'out.jsonl')
    const [one, two, three] = [itemAt(1), itemAt(2), itemAt(3)]
    await writeFile(path, `${textOf(one)}\n${textOf(two, 'timed_out')}\n${textOf(three, 'refused')}\n`)
    {
      await using kept = await openFile(path, { isResumed: true })
      expect([one, two, three].map((item) => kept.has(item))).toEqual([true, true, true])
      expect([...kept.outdated()]).toEqual([])
      await kept.finish()
    }
    await using file = await openFile(path, { isResumed: true, retriesFailed: true })
    expect([one, two, three].map((item) => file.has(item))).toEqual([true, false, false])
    expect([...file.outdated()].map(({ outcome }) => outcome)).toEqual(['timed_out', 'refused'])
    await file.add(two, textOf(two))
    expect([...file.outdated()].map(({ outcome }) => outcome)).toEqual(['refused'])
    await file.finish()
    expect(await linesOf(path)).toEqual([textOf(one), textOf(two), textOf(three, 'refused')])
  })

  it('belongs to one process, and to one run', async () => {
    const path = join(makeDir(), 'out.jsonl')
    {
      await using _file = await openFile(path)
      await expect(openFile(path)).rejects.toThrow(`Another process is writing ${path}`)
    }
    {
      await using file = await openFile(path)
      await file.add(itemAt(1), textOf(itemAt(1)))
    }
    await expect(openFile(path)).rejects.toThrow(`${path}.part is there already: --resume goes on with it.`)
    {
      await using file = await openFile(path, { isResumed: true })
      await file.finish()
    }
    await expect(openFile(path)).rejects.toThrow(`${path} is there already: --resume goes on with it.`)
    const others = { ...itemAt(1), fingerprint: itemAt(2).fingerprint }
    await using file = await openFile(path, { isResumed: true })
    expect(() => file.has(others)).toThrow('has the judgment of another record for line 1')
  })

  it('is replaced where a link leads', async () => {
    const dir = makeDir()
    await writeFile(join(dir, 'real.jsonl'), `${textOf(itemAt(1))}\n`)
    await symlink(join(dir, 'real.jsonl'), join(dir, 'link.jsonl'))
    await using file = await openFile(join(dir, 'link.jsonl'), { isResumed: true })
    await file.add(itemAt(2), textOf(itemAt(2)))
    await file.finish()
    expect(await linesOf(join(dir, 'real.jsonl'))).toHaveLength(2)
  })

  it.each([
    ['{"line": 1}\n', 'what begins at byte 0 is no result of a run'],
    [`${textOf(itemAt(1))}\nnonsense\n${textOf(itemAt(2))}\n`, 'is no result of a run'],
    [textOf(itemAt(1)).replace('"yes"', '"no"'), 'is no result of a run'],
  ])('is not made of what is something else', async (content, message) => {
    const path = join(makeDir(), 'out.jsonl')
    await writeFile(path, content)
    await expect(openFile(path, { isResumed: true })).rejects.toThrow(message)
    expect(await readFile(path, 'utf8')).toBe(content)
  })

  it('needs a place to be', async () => {
    const dir = makeDir()
    await expect(openFile(dir)).rejects.toThrow('which is no file')
    await expect(openFile('/dev/null')).rejects.toThrow('which is no file')
    await expect(openFile(join(dir, 'no', 'out.jsonl'))).rejects.toThrow('there is no such folder')
  })

  it('leaves nothing behind without a result', async () => {
    const dir = makeDir()
    {
      await using file = await openFile(join(dir, 'out.jsonl'))
      await file.finish()
    }
    expect(await readdir(dir)).toEqual([])
  })
})

describe('a stream of results', () => {
  class Sink extends Writable {
    text = ''
    readonly #isSlow: boolean
    constructor(isSlow = false) {
      super({ highWaterMark: isSlow ? 1 : 65_536 })
      this.#isSlow = isSlow
    }
    override _write(chunk: Buffer, _encoding: string, done: () => void): void {
      this.text += chunk
      if (this.#isSlow) setImmediate(done)
      else done()
    }
  }

  it('is in the order in which records were begun, each as soon as it can be', async () => {
    const sink = new Sink()
    const stream = new ResultStream(sink)
    for (const line of [1, 3, 4, 7]) await stream.begin(itemAt(line))
    await stream.add(itemAt(3), 'three')
    await stream.add(itemAt(4), 'four')
    expect(sink.text).toBe('')
    await stream.add(itemAt(1), 'one')
    expect(sink.text).toBe('one\nthree\nfour\n')
    await stream.add(itemAt(7), 'seven')
    expect(sink.text).toBe('one\nthree\nfour\nseven\n')
  })

  it('holds no more than it may, and waits for who reads it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...Array(30).keys()], { minLength: 30 }), async (order) => {
        const sink = new Sink(true)
        const stream = new ResultStream(sink, 4)
        let [begun, written, most] = [0, 0, 0]
        const rank = new Map(order.map((line, at) => [line, at]))
        const ready: number[] = []
        const begin = async (): Promise<void> => {
          for (let line = 0; line < 30; line += 1) {
            await stream.begin(itemAt(line))
            begun += 1
            ready.push(line)
            most = Math.max(most, begun - written)
          }
        }
        const add = async (): Promise<void> => {
          while (written < 30) {
            ready.sort((one, other) => (rank.get(one) ?? 0) - (rank.get(other) ?? 0))
            const line = ready.shift()
            if (line !== undefined) {
              await stream.add(itemAt(line), String(line))
              written += 1
            } else await new Promise(setImmediate)
          }
        }
        await Promise.all([begin(), add()])
        expect(sink.text).toBe([...Array(30).keys()].map((line) => `${line}\n`).join(''))
        expect(most).toBeLessThanOrEqual(30)
      }),
      { numRuns: 30 },
    )
  })

  it('waits with the next record while too many wait for the first', async () => {
    const stream = new ResultStream(new Sink(), 2)
    await stream.begin(itemAt(1))
    await stream.begin(itemAt(2))
    let hasBegun = false
    const third = stream.begin(itemAt(3)).then(() => {
      hasBegun = true
    })
    await stream.add(itemAt(2), 'two')
    expect(hasBegun).toBe(false)
    await stream.add(itemAt(1), 'one')
    await third
    expect(hasBegun).toBe(true)
  })

  it('says that nobody reads it any more', async () => {
    const sink = new Sink()
    const stream = new ResultStream(sink)
    await stream.begin(itemAt(1))
    sink.destroy(new Error('write EPIPE'))
    await new Promise(setImmediate)
    await expect(stream.add(itemAt(1), 'one')).rejects.toThrow(
      "standard output can't be written: write EPIPE",
    )
  })

  it('leaves out what got no result', async () => {
    const sink = new Sink()
    const stream = new ResultStream(sink)
    for (const line of [1, 2, 3]) await stream.begin(itemAt(line))
    await stream.add(itemAt(3), 'three')
    await stream.add(itemAt(1), 'one')
    await stream.finish()
    expect(sink.text).toBe('one\nthree\n')
  })
})
