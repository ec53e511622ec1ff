import type { Material } from '../judging/judging.ts'
import type { Judgment } from '../judging/judgment.ts'
import type { Attack, AttackTarget } from './attacks.ts'
import { type AttackExample, type Attempt, type RedteamReport, reportOf } from './redteam-report.ts'

export interface Redteam {
  readonly materials: readonly Material[]
  readonly attacks: readonly Attack[]
  readonly target: AttackTarget
  readonly isPositive: (answer: string | number) => boolean
  /** Rejects only when the whole is to end: once `stop` is aborted, or because of an error that every call would meet. */
  readonly judge: (material: Material) => Promise<Judgment>
  /** Judgments under way at once, at most. */
  readonly concurrency: number
  readonly onProgress?: (progress: RedteamProgress) => void
  /** Once it is aborted nothing more is started, and the report is of what is there. */
  readonly stop: AbortSignal
}

export interface RedteamProgress {
  readonly phase: 'untouched' | 'attacked'
  readonly done: number
  readonly total: number
  /** Judgments that an attack turned so far. */
  readonly turned: number
}

/**
 * Judges conversations as they are, then those that were judged negative again with each attack in them.
 * @returns how many judgments turned; never counts one without an answer as one that held
 * @throws what `judge` rejects with, unless `stop` was aborted
 */
export async function runRedteam(redteam: Redteam): Promise<RedteamReport> {
  const { materials, attacks, target, isPositive } = redteam
  const untouched = await judgeAll(redteam, 'untouched', materials, () => false)
  const negative = materials.flatMap((material, index) => {
    const judgment = untouched[index]
    return judgment?.outcome === 'answered' && !isPositive(judgment.answer)
      ? [{ material, index, judgment }]
      : []
  })
  const planned = negative.flatMap((before) => attacks.map((attack) => ({ ...before, attack })))
  const turns = (judgment: Judgment): boolean =>
    judgment.outcome === 'answered' && isPositive(judgment.answer)
  const after = await judgeAll(
    redteam,
    'attacked',
    planned.map(({ material, attack }) => attack.apply(material, target)),
    (judgment, at) => turns(judgment) && planned[at]?.attack.isControl === false,
  )
  const attempts = planned.flatMap(({ attack, index, judgment }, at): Attempt[] => {
    const attacked = after[at]
    if (attacked === undefined) return []
    const example: AttackExample = { conversation: index, before: saidIn(judgment), after: saidIn(attacked) }
    return [{ attack, conversation: index, outcome: attacked.outcome, hasTurned: turns(attacked), example }]
  })
  return reportOf({
    untouched: untouched.map(
      (judgment) => judgment && { outcome: judgment.outcome, isPositive: turns(judgment) },
    ),
    attacks,
    attempts,
    planned: planned.length,
  })
}

function saidIn(judgment: Judgment): AttackExample['before'] {
  if (judgment.outcome === 'answered') return { answer: judgment.answer, analysis: judgment.analysis }
  return { answer: null, analysis: judgment.reason }
}

/** The judgments in the order of the materials; undefined where the work was stopped before. */
async function judgeAll(
  { judge, concurrency, onProgress, stop }: Redteam,
  phase: RedteamProgress['phase'],
  materials: readonly Material[],
  hasTurned: (judgment: Judgment, index: number) => boolean,
): Promise<readonly (Judgment | undefined)[]> {
  const judgments: (Judgment | undefined)[] = materials.map(() => undefined)
  let [next, done, turned] = [0, 0, 0]
  let hasFailed = false
  const work = async (): Promise<void> => {
    while (next < materials.length && !stop.aborted && !hasFailed) {
      const index = next
      next += 1
      try {
        const judgment = await judge(materials[index] as Material)
        judgments[index] = judgment
        if (hasTurned(judgment, index)) turned += 1
      } catch (error) {
        if (stop.aborted) return
        hasFailed = true
        throw error
      }
      done += 1
      onProgress?.({ phase, done, total: materials.length, turned })
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return judgments
}
