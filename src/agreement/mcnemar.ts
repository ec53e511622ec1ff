/** How probable changes at least as one-sided as those seen are where neither direction is likelier; 0 to 1. */
export interface McNemarTest {
  /** Exact: errs on the side of chance, and does so a good deal where there are few changes. */
  readonly pValue: number
  /** Counts only half of the probability of what was seen itself: errs less, and on either side. */
  readonly midPValue: number
}

/**
 * McNemar's test of paired yes-or-no answers, two-sided, by the binomial distribution: of the pairs that changed,
 * does one direction have more than half? Pairs that did not change say nothing about it.
 * @param gained pairs that went from no to yes
 * @param lost pairs that went from yes to no
 * @see McNemar (1947), Psychometrika 12, 153-157; Fagerland, Lydersen and Laake (2013), "The McNemar test for binary
 *   matched-pairs data: mid-p and asymptotic are better than exact conditional", BMC Medical Research Methodology 13, 91
 */
export function mcnemarTest(gained: number, lost: number): McNemarTest {
  // Both tails meet in the middle, where what was seen would be counted twice.
  if (gained === lost)
    return { pValue: 1, midPValue: gained === 0 ? 1 : 1 - tossing(gained, 2 * gained).point / 2 }
  const { tail, point } = tossing(Math.min(gained, lost), gained + lost)
  return { pValue: Math.min(1, 2 * tail), midPValue: 2 * tail - point }
}

/**
 * The probability of at most, and of exactly, `heads` in as many tosses of a fair coin. Each count's probability is
 * that of its neighbour times a ratio of whole numbers, so that no factorial and no logarithm costs digits; all of
 * them together are 1.
 */
function tossing(heads: number, tosses: number): { tail: number; point: number } {
  const middle = Math.floor(tosses / 2)
  let [all, tail, point] = [0, 0, 0]
  // From the likeliest count downwards; counts above the middle are the mirror of those below.
  for (let count = middle, weight = 1; count >= 0 && weight > 0; count -= 1) {
    const mirrored = tosses - count === count ? weight : 2 * weight
    all += mirrored
    if (count <= heads) tail += weight
    if (count === heads) point = weight
    weight *= count / (tosses - count + 1)
  }
  return { tail: tail / all, point: point / all }
}
