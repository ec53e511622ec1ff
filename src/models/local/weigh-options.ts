import type { ControlledEvaluateInputItem, LlamaContextSequence, Token } from 'node-llama-cpp'
import { ModelFailure } from '../../judging/model.ts'

export interface WeighingRequest {
  /** What every option follows and the sequence has not evaluated yet: at least one token. */
  readonly before: readonly Token[]
  /** Each option as the tokens that the model would be given for it; none is the beginning of another. */
  readonly options: readonly (readonly Token[])[]
  /** Weigh only as many as it takes to be sure of the likeliest; the others are left at 0. */
  readonly isBestEnough: boolean
}

/** Options that begin with the same tokens, of which the first `weighed` count already. */
interface Branch {
  readonly options: readonly number[]
  readonly weighed: number
  readonly logProbability: number
}

/**
 * How likely each option is beside the others: the product of the model's own probabilities of its tokens, at
 * temperature 1 and under no grammar, as shares that are 1 together. Tokens that options share are evaluated once.
 * The sequence holds one of the options afterwards, and knows which.
 * @throws the signal's reason once it is aborted.
 */
export async function weighOptions(
  sequence: LlamaContextSequence,
  request: WeighingRequest,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const { before, options, isBestEnough } = request
  if (options.length === 1) return [1]
  const base = [...sequence.contextTokens, ...before]
  const logProbabilities: number[] = options.map(() => Number.NEGATIVE_INFINITY)
  const isDone = (option: number, weighed: number): boolean => options[option]?.length === weighed
  const all = options.map((_, index) => index)
  const branches: Branch[] = [{ options: all, weighed: sharedLength(options), logProbability: 0 }]
  for (;;) {
    const branch = takeLikeliest(branches)
    if (branch === undefined) break
    if (isBestEnough && branch.logProbability <= Math.max(...logProbabilities)) break
    signal.throwIfAborted()
    for (const next of await follow(sequence, base, options, branch)) {
      const [option = 0] = next.options
      if (isDone(option, next.weighed)) logProbabilities[option] = next.logProbability
      else branches.push(next)
    }
    // Where going back means evaluating all again, the state of the place where the options part is kept.
    if (branch.options.length === options.length) await sequence.takeCheckpoint()
  }
  return sharesOf(logProbabilities)
}

/** Evaluates a branch to where its options part, or to the last token of its only one. */
async function follow(
  sequence: LlamaContextSequence,
  base: readonly Token[],
  options: readonly (readonly Token[])[],
  branch: Branch,
): Promise<readonly Branch[]> {
  const held = branch.options.map((index) => options[index] ?? [])
  const [first = []] = held
  const end = held.length === 1 ? first.length - 1 : sharedLength(held)
  const weighedFrom = base.length + branch.weighed - 1
  const tokens = [...base, ...first.slice(0, end)]
  // A token's logits are those of its evaluation, so that the last one counted is always evaluated anew.
  await sequence.adaptStateToTokens(tokens.slice(0, weighedFrom), false)
  const start = sequence.nextTokenIndex
  const input = tokens.slice(start).map((token, offset): ControlledEvaluateInputItem => {
    const place = start + offset + 1 - base.length
    if (start + offset < weighedFrom) return token
    return [token, { generateNext: logitsOf(held.map((option) => option[place])) }]
  })
  const results = await sequence.controlledEvaluate(input)
  const at = (place: number, token: Token | undefined): number =>
    logProbability(results[base.length + place - 1 - start]?.next, token)
  let shared = branch.logProbability
  for (let place = branch.weighed; place < end; place += 1) shared += at(place, first[place])
  const parts = Map.groupBy(branch.options, (index) => options[index]?.[end])
  return Array.from(parts, ([token, indexes]) => {
    return { options: indexes, weighed: end + 1, logProbability: shared + at(end, token) }
  })
}

type GenerateNext = NonNullable<Exclude<ControlledEvaluateInputItem, Token>[1]['generateNext']>
type Next = Awaited<ReturnType<LlamaContextSequence['controlledEvaluate']>>[number] extends infer Result
  ? Result extends { next: infer Value }
    ? Value
    : never
  : never

/** The token that is picked at temperature 0 has the highest logit, which `totalLogitWeight` is relative to. */
function logitsOf(tokens: readonly (Token | undefined)[]): GenerateNext {
  const wanted = [...new Set(tokens.filter((token) => token !== undefined))]
  return {
    token: true,
    totalLogitWeight: true,
    logits: { filter: { tokens: wanted, includeSelected: true } },
    options: { temperature: 0 },
  }
}

function logProbability(next: Next | undefined, token: Token | undefined): number {
  const highest = next?.token == null ? undefined : next.logits?.get(next.token)
  const logit = token === undefined ? undefined : next?.logits?.get(token)
  const total = next?.totalLogitWeight
  if (logit === undefined || highest === undefined || total === undefined) {
    throw new ModelFailure('provider_failed', 'The local model gave no probabilities.')
  }
  return logit - highest - Math.log(total)
}

function takeLikeliest(branches: Branch[]): Branch | undefined {
  branches.sort((one, other) => one.logProbability - other.logProbability)
  return branches.pop()
}

/** With how many tokens all of them begin. */
function sharedLength(options: readonly (readonly Token[])[]): number {
  const [first = [], ...others] = options
  const end = first.findIndex((token, place) => others.some((other) => other[place] !== token))
  return end === -1 ? first.length : end
}

function sharesOf(logProbabilities: readonly number[]): readonly number[] {
  const highest = Math.max(...logProbabilities)
  const weights = logProbabilities.map((logProbability) => Math.exp(logProbability - highest))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
