/** Numbers from 0 up to 1, without 1. */
export type Random = () => number

/**
 * Numbers that look random and are the same for the same seed: a 32-bit generator by Tommy Ettinger, in the public
 * domain.
 * @param seed a whole number; its lowest 32 bits count
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * A number of the standard normal distribution.
 * @see Box and Muller (1958), A note on the generation of random normal deviates
 */
export function drawNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return radius * Math.cos(2 * Math.PI * random())
}

/**
 * A number of the gamma distribution with scale 1.
 * @param shape above 0
 * @see Marsaglia and Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26, 363-372; for shapes
 *   below 1 their note at the end
 */
export function drawGamma(random: Random, shape: number): number {
  if (shape < 1) return drawGamma(random, shape + 1) * (1 - random()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = drawNormal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

/**
 * Shares of the Dirichlet distribution: 1 together.
 * @param weights each above 0
 * @see https://en.wikipedia.org/wiki/Dirichlet_distribution#Related_distributions
 */
export function drawDirichlet(random: Random, weights: readonly number[]): readonly number[] {
  const draws = weights.map((weight) => drawGamma(random, weight))
  const total = draws.reduce((sum, draw) => sum + draw, 0)
  return draws.map((draw) => draw / total)
}

/**
 * A number from 0 up to 1 that looks random and is always the same for the same text: FNV-1a, mixed once more.
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function randomOfText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return createRandom(hash)()
}
