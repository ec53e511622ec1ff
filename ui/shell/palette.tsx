import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconDatabase, IconGavel, IconPlus, IconSearch, IconUpload } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, taken } from '../api/client.ts'
import { sections } from './sections.ts'

const shown = '6'

/** Goes to any part, judge or dataset by typing. */
export function Palette() {
  const [query, setQuery] = useState('')
  const [q] = useDebouncedValue(query.trim(), 150)
  const judges = useFoundJudges(q)
  const datasets = useFoundDatasets(q)
  return (
    <Spotlight
      actions={[...useCommands(query), ...judges, ...datasets]}
      query={query}
      onQueryChange={setQuery}
      filter={(_query, actions) => actions}
      nothingFound="Nothing of that name"
      highlightQuery
      scrollable
      maxHeight={420}
      shortcut={null}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: 'A page, a judge, a dataset…',
        'aria-label': 'Search and commands',
      }}
    />
  )
}

function useCommands(query: string): SpotlightActionGroupData[] {
  const navigate = useNavigate()
  const all: SpotlightActionData[] = [
    ...sections.map(({ to, label, icon: Icon }) => ({
      id: to,
      label,
      leftSection: <Icon size={18} aria-hidden />,
      onClick: () => navigate({ to }),
    })),
    {
      id: 'new-judge',
      label: 'Write a new judge',
      leftSection: <IconPlus size={18} aria-hidden />,
      onClick: () => navigate({ to: '/judges/new' }),
    },
    {
      id: 'upload',
      label: 'Upload a dataset',
      leftSection: <IconUpload size={18} aria-hidden />,
      onClick: () => navigate({ to: '/datasets/new' }),
    },
  ]
  const words = query.trim().toLowerCase()
  const actions = all.filter(({ label = '' }) => label.toLowerCase().includes(words))
  return actions.length === 0 ? [] : [{ group: 'Go to', actions }]
}

function useFoundJudges(q: string): SpotlightActionGroupData[] {
  const navigate = useNavigate()
  const { data } = useQuery({
    queryKey: ['judges', 'palette', q],
    queryFn: ({ signal }) =>
      taken(api.GET('/v1/observability/judges', { params: { query: { q, page_size: shown } }, signal })),
    placeholderData: keepPreviousData,
  })
  const actions = (data?.judges.results ?? []).map(({ id, name, description }) => ({
    id,
    label: name,
    description,
    leftSection: <IconGavel size={18} aria-hidden />,
    onClick: () => navigate({ to: '/judges/$judgeId', params: { judgeId: id } }),
  }))
  return actions.length === 0 ? [] : [{ group: 'Judges', actions }]
}

function useFoundDatasets(q: string): SpotlightActionGroupData[] {
  const navigate = useNavigate()
  const { data } = useQuery({
    queryKey: ['datasets', 'palette', q],
    queryFn: ({ signal }) =>
      taken(api.GET('/v1/observability/datasets', { params: { query: { q, page_size: shown } }, signal })),
    placeholderData: keepPreviousData,
  })
  const actions = (data?.datasets.results ?? []).map(({ id, name, description }) => ({
    id,
    label: name,
    description,
    leftSection: <IconDatabase size={18} aria-hidden />,
    onClick: () => navigate({ to: '/datasets/$datasetId', params: { datasetId: id } }),
  }))
  return actions.length === 0 ? [] : [{ group: 'Datasets', actions }]
}
