/** Enough for the fraction to settle at a million degrees of freedom, where it takes some thousand steps. */
const mostSteps = 100_000
const leastTerm = 1e-300

/**
 * How probable a value at least as far from 0 as `t` is under Student's distribution, on both sides together.
 * @param degrees of freedom: a whole number from 1
 * @see https://dlmf.nist.gov/8.17 for the incomplete beta function that this is, with x = degrees / (degrees + t²)
 */
export function studentTail(t: number, degrees: number): number {
  const square = t * t
  if (square === 0) return 1
  if (square === Number.POSITIVE_INFINITY) return 0
  const [a, b] = [degrees / 2, 1 / 2]
  // Both are kept, as their sum is 1 and the smaller would lose its digits in a difference.
  const x = degrees / (degrees + square)
  const rest = square / (degrees + square)
  const power = Math.exp(a * Math.log1p(-rest)) * Math.sqrt(rest)
  const factor = power / betaWithHalf(degrees)
  return x < (a + 1) / (a + b + 2)
    ? (factor / a) * betaFraction(x, a, b)
    : 1 - (factor / b) * betaFraction(rest, b, a)
}

/**
 * The value that Student's distribution stays under, in absolute value, with 95% probability: its 97.5% quantile.
 * @param degrees of freedom: a whole number from 1
 */
export function studentQuantile(degrees: number): number {
  // Between the quantile of the normal distribution and that of one degree of freedom.
  let [low, high] = [1.95, 12.71]
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (studentTail(middle, degrees) > 0.05) low = middle
    else high = middle
  }
}

/** The beta function of half the degrees and a half, from B(1/2, 1/2) = π or B(1, 1/2) = 2 upwards. */
function betaWithHalf(degrees: number): number {
  let half = degrees % 2 === 1 ? 1 / 2 : 1
  let value = degrees % 2 === 1 ? Math.PI : 2
  for (; half < degrees / 2; half += 1) value *= half / (half + 1 / 2)
  return value
}

/**
 * The continued fraction of the incomplete beta function, evaluated from the front by Lentz's algorithm.
 * @see https://dlmf.nist.gov/8.17#v; Lentz (1976), Applied Optics 15, 668-671
 */
function betaFraction(x: number, a: number, b: number): number {
  let upper = 1
  let lower = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let value = lower
  for (let step = 1; step <= mostSteps; step += 1) {
    const even = (step * (b - step) * x) / ((a + 2 * step - 1) * (a + 2 * step))
    lower = 1 / awayFromZero(1 + even * lower)
    upper = awayFromZero(1 + even / upper)
    value *= upper * lower
    const odd = (-(a + step) * (a + b + step) * x) / ((a + 2 * step) * (a + 2 * step + 1))
    lower = 1 / awayFromZero(1 + odd * lower)
    upper = awayFromZero(1 + odd / upper)
    const change = upper * lower
    value *= change
    if (Math.abs(change - 1) <= Number.EPSILON) return value
  }
  throw new Error(`The incomplete beta function of ${x}, ${a}, ${b} does not settle.`)
}

function awayFromZero(term: number): number {
  return Math.abs(term) < leastTerm ? leastTerm : term
}
