/**
 * How often the 95% intervals of two compared runs hold the truth. Of shares exactly, summed over every table that some
 * records can give; of means by drawing. `node bench/paired-coverage.ts` prints both tables; it draws from a fixed seed,
 * so that it prints the same each time.
 */
import { parseArgs } from 'node:util'
import { wilsonInterval } from '../src/agreement/interval.ts'
import { PairedNumbers } from '../src/agreement/paired-numbers.ts'
import { pairedShareDifference } from '../src/agreement/paired-shares.ts'
import { createRandom, drawDirichlet, type Random } from '../src/agreement/random-draws.ts'

const { values } = parseArgs({
  options: {
    situations: { type: 'string', default: '3000' },
    repetitions: { type: 'string', default: '20000' },
  },
})

interface Interval {
  readonly low: number
  readonly high: number
}

/** Records with yes on both sides, on the second only, on the first only, and on none. */
type Table = readonly [both: number, gained: number, lost: number, none: number]

type Method = (table: Table) => Interval

function tango([both, gained, lost, none]: Table): Interval {
  const total = both + gained + lost + none
  return pairedShareDifference({ gained, lost, total }) ?? { low: -1, high: 1 }
}

/** @see Newcombe (1998), "Improved confidence intervals for the difference between binomial proportions based on paired data", method 10 */
function newcombe([both, gained, lost, none]: Table): Interval {
  const total = both + gained + lost + none
  const second = wilsonInterval(both + gained, total)
  const first = wilsonInterval(both + lost, total)
  if (second === undefined || first === undefined) return { low: -1, high: 1 }
  const product = (both + gained) * (lost + none) * (both + lost) * (gained + none)
  const surplus = both * none - gained * lost
  const shrunk = surplus > total / 2 ? surplus - total / 2 : Math.min(0, surplus)
  const phi = product === 0 ? 0 : shrunk / Math.sqrt(product)
  const distance = (one: number, other: number): number =>
    Math.sqrt(Math.max(0, one ** 2 - 2 * phi * one * other + other ** 2))
  const difference = second.share - first.share
  return {
    low: difference - distance(second.share - second.low, first.high - first.share),
    high: difference + distance(first.share - first.low, second.high - second.share),
  }
}

function tablesOf(total: number): readonly Table[] {
  const tables: Table[] = []
  for (let both = 0; both <= total; both += 1) {
    for (let gained = 0; gained <= total - both; gained += 1) {
      for (let lost = 0; lost <= total - both - gained; lost += 1) {
        tables.push([both, gained, lost, total - both - gained - lost])
      }
    }
  }
  return tables
}

/** The logarithms of 0!, 1!, and so on. */
function factorials(most: number): readonly number[] {
  const logs = [0]
  for (let number = 1; number <= most; number += 1) logs.push((logs.at(-1) ?? 0) + Math.log(number))
  return logs
}

/** For each random situation, the probability that each method's interval holds the true difference. */
function coverages(
  total: number,
  weights: readonly number[],
  methods: readonly Method[],
): readonly number[][] {
  const random = createRandom(total)
  const logs = factorials(total)
  const tables = tablesOf(total).map((table) => ({
    table,
    ways: (logs[total] ?? 0) - table.reduce((sum, count) => sum + (logs[count] ?? 0), 0),
    intervals: methods.map((method) => method(table)),
  }))
  return Array.from({ length: Number(values.situations) }, () => {
    const shares = drawDirichlet(random, weights)
    const rates = shares.map(Math.log)
    const truth = (shares[1] ?? 0) - (shares[2] ?? 0)
    const covered = methods.map(() => 0)
    for (const { table, ways, intervals } of tables) {
      const probability = Math.exp(table.reduce((sum, count, at) => sum + count * (rates[at] ?? 0), ways))
      intervals.forEach(({ low, high }, at) => {
        if (low <= truth && truth <= high) covered[at] = (covered[at] ?? 0) + probability
      })
    }
    return covered
  })
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

function printShares(): void {
  process.stdout.write('| records | changes | Tango: mean | at worst | Newcombe: mean | at worst |\n')
  process.stdout.write('| --- | --- | --- | --- | --- | --- |\n')
  for (const total of [10, 20, 40]) {
    for (const [name, weights] of [
      ['any', [1, 1, 1, 1]],
      ['few', [4, 0.4, 0.4, 4]],
    ] as const) {
      const all = coverages(total, weights, [tango, newcombe])
      const cells = [0, 1].flatMap((at) => {
        const ofMethod = all.map((each) => each[at] ?? 0)
        const mean = ofMethod.reduce((sum, one) => sum + one, 0) / ofMethod.length
        return [percent(mean), percent(Math.min(...ofMethod))]
      })
      process.stdout.write(`| ${[total, name, ...cells].join(' | ')} |\n`)
    }
  }
}

/** Changes of a score, and how probable each is. */
const situations: readonly (readonly [name: string, changes: readonly (readonly [number, number])[]])[] = [
  [
    'seven in ten, from -2 to 2',
    [
      [-2, 0.1],
      [-1, 0.2],
      [0, 0.3],
      [1, 0.2],
      [2, 0.2],
    ],
  ],
  [
    'three in ten, both ways',
    [
      [0, 0.7],
      [1, 0.15],
      [-1, 0.1],
      [2, 0.05],
    ],
  ],
  [
    'one in ten, always by 1',
    [
      [0, 0.9],
      [1, 0.1],
    ],
  ],
]

function draw(random: Random, changes: readonly (readonly [number, number])[]): number {
  let rest = random()
  for (const [change, probability] of changes) {
    if (rest < probability) return change
    rest -= probability
  }
  return changes.at(-1)?.[0] ?? 0
}

function printMeans(): void {
  process.stdout.write('\n| changes | records | covered | no interval |\n| --- | --- | --- | --- |\n')
  for (const [name, changes] of situations) {
    const truth = changes.reduce((sum, [change, probability]) => sum + change * probability, 0)
    for (const records of [10, 20, 50, 200]) {
      const random = createRandom(records)
      let [covered, given] = [0, 0]
      for (let repetition = 0; repetition < Number(values.repetitions); repetition += 1) {
        const numbers = new PairedNumbers()
        for (let record = 0; record < records; record += 1) numbers.add(3, 3 + draw(random, changes))
        const interval = numbers.summary()?.interval
        if (interval === undefined) continue
        given += 1
        if (interval.low <= truth && truth <= interval.high) covered += 1
      }
      const without = percent(1 - given / Number(values.repetitions))
      process.stdout.write(`| ${[name, records, percent(covered / given), without].join(' | ')} |\n`)
    }
  }
}

printShares()
printMeans()
