import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** With less, more of what is short-lived is taken for long-lived; with more, memory grows and time does not shrink. */
const mostYoungBytes = 8_388_608
const lookEveryMs = 100

/**
 * Lets V8's heap grow no further than is of use. By itself it takes more and more under a steady stream of objects,
 * up to several times what lives, so that a long run would take half as much memory again as a short one. V8 reads
 * both settings each time before it would grow.
 */
export function keepHeapSteady(): Disposable {
  // Twice what lives, and no more, before it is collected.
  setFlagsFromString('--heap-growing-percent=100')
  const timer = setInterval(() => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    if (young === undefined || young.space_size < mostYoungBytes) return
    setFlagsFromString('--semi-space-growth-factor=1')
    clearInterval(timer)
  }, lookEveryMs)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
