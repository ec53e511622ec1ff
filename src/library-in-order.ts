type Items<Item> = Iterable<Item> | AsyncIterable<Item>

/** Results that may wait for a slower one before them, for each that is under way. */
const waitingEach = 4

/**
 * Works on items, several at once, and gives the results in the items' order. An item is taken only when there is room:
 * at most `concurrency` are under way, and four times as many are not given yet. What comes before a failure, of the
 * items or of `work`, is given first.
 * @param work its signal is aborted once nobody waits for its result any more
 */
export async function* inOrder<Item, Result>(
  items: Items<Item>,
  concurrency: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const source = iteratorOf(items)
  const ending = new AbortController()
  const results: { readonly result: Promise<Result>; isDone: boolean }[] = []
  let [underway, isAsking, isOver] = [0, false, false]
  let change = Promise.withResolvers<void>()
  const changed = (): void => {
    change.resolve()
    change = Promise.withResolvers()
  }
  const start = (result: Promise<Result>): void => {
    const started = { result, isDone: false }
    results.push(started)
    underway += 1
    const done = (): void => {
      started.isDone = true
      underway -= 1
      changed()
    }
    result.then(done, done)
  }
  const ask = async (): Promise<void> => {
    isAsking = true
    try {
      const next = await source.next()
      if (next.done) isOver = true
      else start(work(next.value, ending.signal))
    } catch (error) {
      isOver = true
      start(Promise.reject(error))
    } finally {
      isAsking = false
      changed()
    }
  }
  try {
    for (;;) {
      const hasRoom = underway < concurrency && results.length < concurrency * waitingEach
      if (hasRoom && !isAsking && !isOver) void ask()
      const [first] = results
      if (first?.isDone) {
        results.shift()
        yield await first.result
      } else if (first === undefined && isOver) return
      else await change.promise
    }
  } finally {
    ending.abort()
    // A source that is still waiting could keep this waiting for ever.
    if (!isAsking && !isOver) await source.return?.()
  }
}

function iteratorOf<Item>(items: Items<Item>): Iterator<Item> | AsyncIterator<Item> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
}
