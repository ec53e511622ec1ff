import { useEffect, useRef, useState } from 'react'
import { api, taken } from '../../api/client.ts'
import type { Definition, Judgment, Material } from '../../api/shapes.ts'

/** What came of trying a definition on a conversation. */
export type Try =
  | { readonly state: 'waiting' }
  | { readonly state: 'done'; readonly judgment: Judgment }
  | { readonly state: 'failed'; readonly error: Error }

/** A definition to try, under a name that tells it from others. */
export interface Candidate {
  readonly name: string
  readonly definition: Definition
}

interface Task extends Candidate {
  readonly key: string
  readonly material: Material
}

const atOnce = 4

/** Tries definitions on conversations, a few at a time; each result is there as soon as it comes. */
export function useTries(): {
  readonly tries: ReadonlyMap<string, Try>
  readonly isTrying: boolean
  readonly start: (candidates: readonly Candidate[], samples: readonly (Material & { id: string })[]) => void
  readonly stop: () => void
} {
  const [tries, setTries] = useState<ReadonlyMap<string, Try>>(new Map())
  const running = useRef<AbortController>(null)
  useEffect(() => () => running.current?.abort(), [])

  async function work(tasks: Task[], signal: AbortSignal): Promise<void> {
    for (let task = tasks.shift(); task !== undefined && !signal.aborted; task = tasks.shift()) {
      const { key } = task
      const result = await tryOne(task, signal)
      if (!signal.aborted) setTries((before) => new Map(before).set(key, result))
    }
  }

  function start(candidates: readonly Candidate[], samples: readonly (Material & { id: string })[]): void {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const tasks = samples.flatMap((material) =>
      candidates.map((candidate) => ({ ...candidate, material, key: tryKey(candidate.name, material.id) })),
    )
    setTries(new Map(tasks.map(({ key }) => [key, { state: 'waiting' }])))
    for (let worker = 0; worker < atOnce; worker += 1) void work(tasks, controller.signal)
  }

  function stop(): void {
    running.current?.abort()
    setTries((before) => new Map([...before].filter(([, { state }]) => state !== 'waiting')))
  }

  return { tries, isTrying: [...tries.values()].some(({ state }) => state === 'waiting'), start, stop }
}

export function tryKey(candidate: string, sampleId: string): string {
  return `${candidate} ${sampleId}`
}

async function tryOne({ definition, material }: Task, signal: AbortSignal): Promise<Try> {
  const { messages, properties } = material
  try {
    const judgment = await taken(
      api.POST('/v1/observability/judges/try', {
        body: {
          judge_definition: definition,
          messages: messages as Record<string, unknown>[],
          properties: properties ?? null,
          include: ['details'],
        },
        signal,
      }),
    )
    return { state: 'done', judgment }
  } catch (error) {
    return { state: 'failed', error: error as Error }
  }
}
