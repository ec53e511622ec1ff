import { describe, expect, it } from 'vitest'
import { createRandom, drawDirichlet, drawGamma, drawNormal } from './random-draws.ts'

function momentsOf(draw: () => number, count = 40_000): { mean: number; variance: number } {
  const drawn = Array.from({ length: count }, draw)
  const mean = drawn.reduce((sum, number) => sum + number, 0) / count
  return { mean, variance: drawn.reduce((sum, number) => sum + (number - mean) ** 2, 0) / count }
}

describe('numbers that look random', () => {
  it('are the same for the same seed, and others for another', () => {
    const [one, same, other] = [createRandom(5), createRandom(5), createRandom(6)]
    const first = Array.from({ length: 5 }, one)
    expect(Array.from({ length: 5 }, same)).toEqual(first)
    expect(Array.from({ length: 5 }, other)).not.toEqual(first)
  })

  it('of the normal distribution have its mean and variance', () => {
    const random = createRandom(1)
    const { mean, variance } = momentsOf(() => drawNormal(random))
    expect(mean).toBeCloseTo(0, 1)
    expect(variance).toBeCloseTo(1, 1)
  })

  it.each([0.5, 1, 3.7, 120])('of the gamma distribution of shape %f have its mean and variance', (shape) => {
    const random = createRandom(2)
    const { mean, variance } = momentsOf(() => drawGamma(random, shape))
    expect(mean / shape).toBeCloseTo(1, 1)
    expect(Math.abs(variance / shape - 1)).toBeLessThan(0.05)
  })

  it('of the Dirichlet distribution are 1 together, and each has its mean and variance', () => {
    const random = createRandom(3)
    const draws = Array.from({ length: 20_000 }, () => drawDirichlet(random, [0.5, 2, 7.5]))
    for (const shares of draws.slice(0, 50)) {
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    }
    const second = draws.map((shares) => shares[1] ?? Number.NaN)
    let at = 0
    const { mean, variance } = momentsOf(() => second[at++] ?? Number.NaN, second.length)
    expect(mean).toBeCloseTo(0.2, 2)
    expect(variance).toBeCloseTo((0.2 * 0.8) / 11, 3)
  })
})
