import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ApiError } from '../../api/api-error.ts'
import { api, taken } from '../../api/client.ts'
import type { Finding } from '../../api/openapi.ts'
import type { Definition } from '../../api/shapes.ts'
import type { LineNote } from '../../components/template-editor.tsx'
import { checkable } from './definition.ts'

const checkedAfterMs = 400

export interface DefinitionCheck {
  /** What is likely wrong. */
  readonly findings: readonly Finding[]
  /** Why it can't be saved yet. */
  readonly error: ApiError | undefined
  /** What of both stands at a line of the instructions. */
  readonly notes: readonly LineNote[]
}

/** Has the server look at a definition while it is being written. */
export function useDefinitionCheck(definition: Definition): DefinitionCheck {
  const [checked] = useDebouncedValue(definition, checkedAfterMs)
  const { data } = useQuery({
    queryKey: ['lint', checked],
    queryFn: ({ signal }) => check(checked, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return useMemo(() => {
    const { findings = [], error } = data ?? {}
    return { findings, error, notes: [...notesOfError(error), ...findings.flatMap(notesOf)] }
  }, [data])
}

interface Checked {
  readonly findings: readonly Finding[]
  readonly error?: ApiError
}

async function check(definition: Definition, signal: AbortSignal): Promise<Checked> {
  if (definition.instructions.trim() === '') return { findings: [] }
  try {
    return await taken(api.POST('/v1/observability/judges/lint', { body: checkable(definition), signal }))
  } catch (error) {
    if (error instanceof ApiError && [400, 422].includes(error.status)) return { findings: [], error }
    throw error
  }
}

function notesOf({ line, severity, message }: Finding): LineNote[] {
  return line === null ? [] : [{ line, severity: severity === 'hint' ? 'info' : 'warning', message }]
}

function notesOfError(error: ApiError | undefined): LineNote[] {
  const line = /line (\d+)/.exec(error?.message ?? '')?.[1]
  return error === undefined || line === undefined
    ? []
    : [{ line: Number(line), severity: 'error', message: error.message }]
}
