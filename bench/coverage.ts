/**
 * How often the 95% intervals of the corrected estimates hold the truth: records with labels and answers are drawn
 * many times, some are labelled, and each interval is looked at. `npm run bench:coverage` prints the table; it draws
 * from a fixed seed, so that it prints the same each time.
 */
import { parseArgs } from 'node:util'
import { wilsonInterval } from '../src/agreement/interval.ts'
import { predictionPoweredMean } from '../src/agreement/prediction-powered-mean.ts'
import { createRandom, drawNormal, type Random } from '../src/agreement/random-draws.ts'
import { stratifiedShares } from '../src/agreement/stratified-shares.ts'

const { values } = parseArgs({ options: { repetitions: { type: 'string', default: '2000' } } })
const repetitions = Number(values.repetitions)

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

interface Interval {
  readonly low: number
  readonly high: number
}

/** How often the truth was inside, and how wide the intervals were. */
class Tally {
  #inside = 0
  #width = 0
  #count = 0
  add({ low, high }: Interval, truth: number): void {
    this.#count += 1
    this.#width += high - low
    if (low <= truth && truth <= high) this.#inside += 1
  }
  toString(): string {
    if (this.#count === 0) return '- | -'
    return `${((100 * this.#inside) / this.#count).toFixed(1)}% | ${(this.#width / this.#count).toFixed(3)}`
  }
}

interface Situation {
  readonly name: string
  /** How often each option is the label. */
  readonly shares: readonly number[]
  /** By label, how often each option is the answer. */
  readonly answers: readonly (readonly number[])[]
  readonly records: number
  readonly labelled: number
}

/** As a table of two options: the positive one first. */
function twoOptions(
  share: number,
  specificity: number,
  sensitivity: number,
  records: number,
  labelled: number,
): Situation {
  return {
    name: `(${share}, ${specificity}, ${sensitivity}, ${records}, ${labelled})`,
    shares: [share, 1 - share],
    answers: [
      [sensitivity, 1 - sensitivity],
      [1 - specificity, specificity],
    ],
    records,
    labelled,
  }
}

const situations: readonly Situation[] = [
  twoOptions(0.7, 0.7, 0.95, 2000, 100),
  twoOptions(0.9, 0.6, 0.95, 2000, 100),
  twoOptions(0.5, 0.9, 0.9, 1000, 50),
  twoOptions(0.95, 0.8, 0.97, 2000, 60),
  {
    name: 'three options (0.6, 0.3, 0.1), 2000, 120',
    shares: [0.6, 0.3, 0.1],
    answers: [
      [0.85, 0.1, 0.05],
      [0.2, 0.7, 0.1],
      [0.1, 0.15, 0.75],
    ],
    records: 2000,
    labelled: 120,
  },
]

function pick(shares: readonly number[], random: Random): number {
  let left = random()
  for (const [at, share] of shares.entries()) {
    left -= share
    if (left < 0) return at
  }
  return shares.length - 1
}

function measureShares({ name, shares, answers, records, labelled }: Situation, random: Random): string[] {
  const options = shares.map((_, at) => String(at))
  const [corrected, naive, humans] = [0, 1, 2].map(() => shares.map(() => new Tally()))
  let refused = 0
  for (let round = 0; round < repetitions; round += 1) {
    const sizes = shares.map(() => 0)
    const labels = shares.map(() => shares.map(() => 0))
    // Records come in any order, so that the first ones are a sample by chance.
    for (let record = 0; record < records; record += 1) {
      const label = pick(shares, random)
      const answer = pick(answers[label] ?? [], random)
      sizes[answer] = (sizes[answer] ?? 0) + 1
      const row = labels[answer]
      if (record < labelled && row) row[label] = (row[label] ?? 0) + 1
    }
    const strata = options.map((option, at) => ({
      name: option,
      size: sizes[at] ?? 0,
      labels: labels[at] ?? [],
    }))
    for (const [at, share] of shares.entries()) {
      naive?.[at]?.add(wilsonInterval(sizes[at] ?? 0, records) as Interval, share)
      const people = labels.reduce((sum, row) => sum + (row[at] ?? 0), 0)
      humans?.[at]?.add(wilsonInterval(people, labelled) as Interval, share)
    }
    const inUse = strata.filter(({ size }) => size > 0)
    if (inUse.some((stratum) => stratum.labels.every((count) => count === 0))) {
      refused += 1
      continue
    }
    for (const [at, share] of stratifiedShares(options, inUse).entries())
      corrected?.[at]?.add(share, shares[at] ?? 0)
  }
  const shown = shares.length === 2 ? [0] : [...shares.keys()]
  return shown.map(
    (at) =>
      `| ${name}${shares.length === 2 ? '' : `, option ${at + 1}`} | ${corrected?.[at]} | ${naive?.[at]} | ${humans?.[at]} | ${refused} |`,
  )
}

interface Scale {
  readonly name: string
  /** How the judge's answer follows from the label. */
  readonly answer: (label: number, random: Random) => number
  readonly records: number
  readonly labelled: number
}

const scales: readonly Scale[] = [
  {
    name: 'a good judge, half a point too high',
    answer: (label, random) => label + 0.5 + 0.4 * drawNormal(random),
    records: 2000,
    labelled: 100,
  },
  {
    name: 'a judge that flattens the scale',
    answer: (label, random) => 3 + 0.3 * (label - 3) + 0.5 * drawNormal(random),
    records: 2000,
    labelled: 60,
  },
  {
    name: 'a judge that says nothing',
    answer: (_label, random) => 3 + drawNormal(random),
    records: 1000,
    labelled: 40,
  },
]

function measureMeans({ name, answer, records, labelled }: Scale, random: Random): string {
  const [corrected, naive, humans] = [new Tally(), new Tally(), new Tally()]
  const truth = 3.4
  for (let round = 0; round < repetitions; round += 1) {
    const all = Array.from({ length: records }, () => {
      const label = truth + 0.9 * drawNormal(random)
      return [label, answer(label, random)] as const
    })
    const people = all.slice(0, labelled)
    const estimate = predictionPoweredMean([
      { labelled: people, unlabelled: all.slice(labelled).map(([, one]) => one) },
    ])
    corrected.add(estimate, truth)
    naive.add(
      predictionPoweredMean([{ labelled: all.map(([, one]) => [one, one] as const), unlabelled: [] }]),
      truth,
    )
    humans.add(predictionPoweredMean([{ labelled: people, unlabelled: [] }]), truth)
  }
  return `| ${name}, ${records}, ${labelled} | ${corrected} | ${naive} | ${humans} | 0 |`
}

say(`${repetitions} repetitions each; a width is the mean of the interval's.\n`)
say(
  '| share, specificity, sensitivity, records, labels | corrected holds | width | naive holds | width | labels alone hold | width | refused |',
)
say('| --- | --- | --- | --- | --- | --- | --- | --- |')
const random = createRandom(20_260_103)
for (const situation of situations) for (const row of measureShares(situation, random)) say(row)
for (const scale of scales) say(measureMeans(scale, random))
