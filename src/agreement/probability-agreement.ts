/** A human's label, and how probable a judge held each option to be. */
export interface WeighedOptions {
  readonly label: string
  /** A share for every option, 1 together. */
  readonly shares: ReadonlyMap<string, number>
}

/** Where a judge holds the label to be impossible, the logarithm is of this. */
const leastShare = Number.EPSILON

/**
 * The mean negative natural logarithm of the label's share: 0 is certain and right, and the logarithm of the number
 * of options is what a judge has that holds all to be alike. Undefined without any.
 * @see https://scikit-learn.org/stable/modules/model_evaluation.html#log-loss
 */
export function logLoss(judged: readonly WeighedOptions[]): number | undefined {
  return mean(judged.map(({ label, shares }) => -Math.log(Math.max(leastShare, shares.get(label) ?? 0))))
}

/**
 * The mean over records of the squared distances of all shares from what is right (1 for the label, 0 for the rest):
 * 0 is certain and right, 2 certain and wrong. Undefined without any.
 * @see Brier (1950), Verification of forecasts expressed in terms of probability; https://en.wikipedia.org/wiki/Brier_score
 */
export function brierScore(judged: readonly WeighedOptions[]): number | undefined {
  return mean(
    judged.map(({ label, shares }) => {
      const missed = shares.has(label) ? 0 : 1
      return [...shares].reduce(
        (sum, [option, share]) => sum + (share - (option === label ? 1 : 0)) ** 2,
        missed,
      )
    }),
  )
}

/**
 * The area under the receiver operating characteristic: how often a record with the label `positive` has a larger
 * share of it than a record with another label; equal shares count half. 0.5 is chance. Undefined where either kind
 * of record is missing.
 * @see https://en.wikipedia.org/wiki/Mann%E2%80%93Whitney_U_test#Area-under-curve_(AUC)_statistic_for_ROC_curves
 */
export function areaUnderRoc(judged: readonly WeighedOptions[], positive: string): number | undefined {
  const sharesOf = (isPositive: boolean): readonly number[] =>
    judged
      .filter(({ label }) => (label === positive) === isPositive)
      .map(({ shares }) => shares.get(positive) ?? 0)
  const others = sharesOf(false)
  return mean(
    sharesOf(true).flatMap((share) => others.map((other) => (share > other ? 1 : share === other ? 0.5 : 0))),
  )
}

/**
 * The expected calibration error: how far the share of the likeliest option is from how often that option is right,
 * in ten equal bins of the share, weighed by their records. From 0 to 1; undefined without any.
 * @see Guo et al. (2017), On calibration of modern neural networks, equations 2 to 4
 */
export function expectedCalibrationError(judged: readonly WeighedOptions[]): number | undefined {
  const bins = new Map<number, { surplus: number }>()
  for (const { label, shares } of judged) {
    const [option, share] = likeliest(shares) ?? ['', 0]
    // Bins are open below and closed above: 0.1 is the end of the first.
    const place = Math.max(0, Math.ceil(share * binCount) - 1)
    const bin = bins.get(place) ?? { surplus: 0 }
    bin.surplus += share - (option === label ? 1 : 0)
    bins.set(place, bin)
  }
  if (judged.length === 0) return undefined
  return [...bins.values()].reduce((sum, { surplus }) => sum + Math.abs(surplus), 0) / judged.length
}

const binCount = 10

/** The option with the largest share, the first of equal ones, and its share; undefined without options. */
export function likeliest(
  shares: ReadonlyMap<string, number>,
): readonly [option: string, share: number] | undefined {
  let best: readonly [string, number] | undefined
  for (const entry of shares) if (best === undefined || entry[1] > best[1]) best = entry
  return best
}

function mean(numbers: readonly number[]): number | undefined {
  if (numbers.length === 0) return undefined
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}
