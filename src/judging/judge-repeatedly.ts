import type { Output } from '../judges/definition.ts'
import { samplesNeeded } from './decide.ts'
import type { Judgment, Outcome } from './judgment.ts'

/** What ends one sample so would end all of them. */
const hopeless: readonly Outcome[] = ['invalid_request', 'context_overflow']

/**
 * Draws samples of one judgment, several at once, but never one that could not change the answer any more: for
 * options it stops once the lead can't be overturned, or no majority can be reached.
 * @param samples how many to draw at most, from 1
 * @param judgeOnce draws one; its number counts from 0
 * @returns the samples that were drawn, in the order of their numbers
 * @throws whatever `judgeOnce` throws
 */
export async function judgeRepeatedly(
  samples: number,
  output: Output,
  judgeOnce: (number: number) => Promise<Judgment>,
): Promise<readonly Judgment[]> {
  const drawn = new Map<number, Judgment>()
  const running = new Map<number, Promise<void>>()
  for (let started = 0; ; ) {
    const isHopeless = [...drawn.values()].some(({ outcome }) => hopeless.includes(outcome))
    const needed = isHopeless ? 0 : samplesNeeded(answersOf(drawn), drawn.size, samples, output)
    for (; running.size < needed && started < samples; started += 1) {
      const number = started
      running.set(number, draw(number))
    }
    if (running.size === 0) break
    await Promise.race(running.values())
  }
  return [...drawn].sort(([one], [other]) => one - other).map(([, judgment]) => judgment)

  async function draw(number: number): Promise<void> {
    const judgment = await judgeOnce(number)
    drawn.set(number, judgment)
    running.delete(number)
  }
}

function answersOf(drawn: ReadonlyMap<number, Judgment>): readonly (string | number)[] {
  return [...drawn.values()].flatMap((judgment) => (judgment.outcome === 'answered' ? [judgment.answer] : []))
}
