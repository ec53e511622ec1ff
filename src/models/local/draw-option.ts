import type { Sampling } from '../../judging/model.ts'

/**
 * Which option is the answer: the likeliest, the first of equals; with sampling, one drawn from the shares at its
 * temperature, always the same one for a seed.
 * @param shares at least one, 1 together
 * @returns an index of `shares`
 */
export function drawOption(shares: readonly number[], sampling?: Sampling): number {
  if (sampling === undefined || sampling.temperature <= 0) return shares.indexOf(Math.max(...shares))
  const highest = Math.max(...shares)
  const weights = shares.map((share) => (share / highest) ** (1 / sampling.temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let left = seededShare(sampling.seed) * total
  for (const [index, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return index
  }
  return shares.indexOf(highest)
}

/** From 0 to below 1, spread evenly over the seeds: the finalizer of MurmurHash3, which mixes 32 bits. */
function seededShare(seed: number): number {
  let mixed = (seed + 0x9e3779b9) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
}
