/** A share of independent events, and where the true share lies with 95% confidence; all from 0 to 1. */
export interface ShareInterval {
  readonly share: number
  readonly low: number
  readonly high: number
}

/** The 97.5% quantile of the normal distribution. */
export const z = 1.959963984540054

/**
 * Wilson's score interval of a binomial share, without a correction for continuity.
 * @param successes a whole number from 0 to `total`
 * @returns undefined where there was nothing to count
 * @see Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22, 209-212;
 *   Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, method 3
 */
export function wilsonInterval(successes: number, total: number): ShareInterval | undefined {
  if (total === 0) return undefined
  const share = successes / total
  const denominator = 1 + z ** 2 / total
  const centre = (share + z ** 2 / (2 * total)) / denominator
  const halfWidth = (z / denominator) * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2))
  return {
    share,
    low: successes === 0 ? 0 : Math.max(0, centre - halfWidth),
    high: successes === total ? 1 : Math.min(1, centre + halfWidth),
  }
}
