import { Select, type SelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { datasetQuery, datasetsQuery } from '../api/datasets.ts'
import { judgeQuery, judgesQuery } from '../api/judges.ts'

type PickerProps = Omit<SelectProps, 'data' | 'searchValue' | 'onSearchChange' | 'searchable' | 'filter'>

const askedAfterMs = 200

/** Any of the workspace's judges, found by typing. */
export function JudgeSelect({ value = null, ...props }: PickerProps) {
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text, askedAfterMs)
  const chosen = useQuery({ ...judgeQuery(value ?? ''), enabled: value !== null }).data?.judge
  const found = useQuery(judgesQuery({ q: q === chosen?.name ? '' : q })).data?.results ?? []
  return <Found {...props} value={value} text={text} onText={setText} found={withChosen(found, chosen)} />
}

/** Any of the workspace's datasets, found by typing. */
export function DatasetSelect({ value = null, ...props }: PickerProps) {
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text, askedAfterMs)
  const chosen = useQuery({ ...datasetQuery(value ?? ''), enabled: value !== null }).data
  const found = useQuery(datasetsQuery(q === chosen?.name ? '' : q)).data?.results ?? []
  return <Found {...props} value={value} text={text} onText={setText} found={withChosen(found, chosen)} />
}

interface Named {
  readonly id: string
  readonly name: string
}

function withChosen(found: readonly Named[], chosen: Named | undefined): readonly Named[] {
  return chosen === undefined || found.some(({ id }) => id === chosen.id) ? found : [chosen, ...found]
}

interface FoundProps extends PickerProps {
  readonly text: string
  readonly onText: (text: string) => void
  readonly found: readonly Named[]
}

function Found({ text, onText, found, ...props }: FoundProps) {
  return (
    <Select
      {...props}
      searchable
      searchValue={text}
      onSearchChange={onText}
      // The server has done it.
      filter={({ options }) => options}
      data={found.map(({ id, name }) => ({ value: id, label: name }))}
      nothingFoundMessage="None of that name"
    />
  )
}
