/**
 * The value below which a share of the numbers lies: between the two nearest, in proportion.
 * @param sorted ascending, at least one
 * @param share from 0 to 1
 * @see Hyndman and Fan (1996), Sample quantiles in statistical packages, definition 7
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place % 1)
}
