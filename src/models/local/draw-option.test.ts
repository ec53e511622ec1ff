import { describe, expect, it } from 'vitest'
import { drawOption } from './draw-option.ts'

function timesDrawn(shares: readonly number[], temperature: number): number[] {
  const times = shares.map(() => 0)
  for (let seed = 0; seed < 20_000; seed += 1) {
    const index = drawOption(shares, { temperature, seed })
    times[index] = (times[index] ?? 0) + 1
  }
  return times.map((count) => count / 20_000)
}

describe('drawing an option', () => {
  it('takes the likeliest without sampling, the first of equals', () => {
    expect(drawOption([0.2, 0.5, 0.3])).toBe(1)
    expect(drawOption([0.4, 0.4, 0.2])).toBe(0)
  })

  it('draws by the shares at temperature 1', () => {
    const [first, second, third] = timesDrawn([0.7, 0.2, 0.1], 1)
    expect(first).toBeCloseTo(0.7, 1.5)
    expect(second).toBeCloseTo(0.2, 1.5)
    expect(third).toBeCloseTo(0.1, 1.5)
  })

  it('draws by the powers of the shares at another temperature', () => {
    const [first] = timesDrawn([0.8, 0.2], 0.5)
    expect(first).toBeCloseTo(0.8 ** 2 / (0.8 ** 2 + 0.2 ** 2), 1.5)
  })

  it('never draws what is impossible, and always the same for a seed', () => {
    expect(timesDrawn([0, 1, 0], 5)).toEqual([0, 1, 0])
    const draw = () => drawOption([0.5, 0.5], { temperature: 1, seed: 7 })
    expect(draw()).toBe(draw())
  })
})
