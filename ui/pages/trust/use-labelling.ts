import { useLocalStorage } from '@mantine/hooks'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { recordMaterialQuery } from '../../api/judgments.ts'
import { putLabel, removeLabel } from '../../api/labels.ts'
import type { Answer, Run } from '../../api/shapes.ts'
import { labelQueueQuery } from '../../api/trust.ts'

/** How many records are picked at once, and how many are fetched before they are seen. */
const picked = 20
const fetchedAhead = 3

export interface GivenLabel {
  readonly recordId: string
  readonly itemNumber: number
  readonly labelId: string
  readonly value: Answer | null
  /** What the judge said. */
  readonly answer: Answer
}

export type Labelling = ReturnType<typeof useLabelling>

/**
 * Goes through the records to label: each is labelled or skipped, and the last label can be taken back.
 * @param width of the interval that is wanted
 */
export function useLabelling(run: Run, author: string, width: number | undefined) {
  const queryClient = useQueryClient()
  const [given, setGiven] = useState<readonly GivenLabel[]>([])
  const [skipped, setSkipped] = useState<readonly string[]>([])
  const [failure, setFailure] = useState<Error | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [showsAnswer, setShowsAnswer] = useLocalStorage({ key: 'assize-shows-answer', defaultValue: false })
  const queue = useQuery({
    ...labelQueueQuery(run.id, picked + skipped.length, width),
    placeholderData: keepPreviousData,
  })
  const seen = new Set([...given.map(({ recordId }) => recordId), ...skipped])
  const waiting = (queue.data?.picks ?? []).filter(({ record_id: id }) => !seen.has(id))
  const [current] = waiting
  const ahead = waiting.slice(1, 1 + fetchedAhead).map(({ record_id: id }) => id)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is new each time; its records are not
  useEffect(() => {
    for (const id of ahead) void queryClient.prefetchQuery(recordMaterialQuery(id))
  }, [ahead.join()])
  // biome-ignore lint/correctness/useExhaustiveDependencies: more are picked when these are done with
  useEffect(() => {
    if (queue.data !== undefined && queue.data.picks.length > 0 && waiting.length === 0) void queue.refetch()
  }, [waiting.length])

  async function label(value: Answer | null): Promise<void> {
    if (current === undefined || isBusy) return
    setBusy(true)
    setFailure(null)
    const { record_id: recordId, item_number: itemNumber, answer } = current
    try {
      const labelId = await putLabel({ recordId, judgeId: run.revision_id, value, author })
      setGiven((before) => [...before, { recordId, itemNumber, labelId, value, answer }])
      await queryClient.invalidateQueries({ queryKey: ['trust', 'agreement', run.id] })
      await queryClient.invalidateQueries({ queryKey: ['labels', recordId] })
      void queryClient.invalidateQueries({ queryKey: ['trust', 'queue', run.id] })
    } catch (error) {
      setFailure(error as Error)
    } finally {
      setBusy(false)
    }
  }

  async function undo(): Promise<void> {
    const last = given.at(-1)
    if (last === undefined || isBusy) return
    setBusy(true)
    setFailure(null)
    try {
      await removeLabel(last.recordId, last.labelId)
      setGiven((before) => before.slice(0, -1))
      await queryClient.invalidateQueries({ queryKey: ['trust'] })
    } catch (error) {
      setFailure(error as Error)
    } finally {
      setBusy(false)
    }
  }

  function skip(): void {
    if (current !== undefined) setSkipped((before) => [...before, current.record_id])
  }

  return {
    queue,
    current,
    given,
    skipped,
    last: given.at(-1),
    label,
    skip,
    undo,
    failure,
    showsAnswer,
    setShowsAnswer,
  }
}
