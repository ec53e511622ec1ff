import { Group, MultiSelect } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { recordsQuery } from '../../api/records.ts'
import type { DatasetRecord } from '../../api/shapes.ts'
import { Empty } from '../../components/states.tsx'
import { CellText, type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { countText } from '../../numbers.ts'
import { lastSaid, shortValue } from './record-texts.ts'

const route = getRouteApi('/shell/datasets/$datasetId')

interface RecordsTableProps {
  readonly datasetId: string
  readonly onOpen: (index: number) => void
}

/** All records of a dataset, with those of their properties that are chosen. */
export function RecordsTable({ datasetId, onOpen }: RecordsTableProps) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [shown, setShown] = useLocalStorage<string[]>({
    key: `assize-columns-${datasetId}`,
    defaultValue: [],
  })
  const { data } = useQuery(recordsQuery(datasetId, 1))
  const names = [
    ...new Set((data?.results ?? []).flatMap(({ properties }) => Object.keys(properties))),
  ].sort()
  return (
    <div>
      {names.length > 0 && (
        <Group mb="xs">
          <MultiSelect
            aria-label="Properties to show as columns"
            placeholder={shown.length === 0 ? 'Show properties as columns' : ''}
            data={names}
            value={shown}
            onChange={setShown}
            clearable
            searchable
            miw={260}
            maw="100%"
          />
        </Group>
      )}
      <VirtualTable
        label="Records"
        columns={columnsWith(shown)}
        pageQuery={(page) => recordsQuery(datasetId, page)}
        onOpen={({ id }, index) => {
          onOpen(index)
          void navigate({ search: { ...search, record: id } })
        }}
        isOpen={({ id }) => id === search.record}
        height="65vh"
        empty={<Empty title="No records yet">Upload a file, or add a record by hand.</Empty>}
      />
    </div>
  )
}

function columnsWith(properties: readonly string[]): Column<DatasetRecord>[] {
  return [
    {
      header: '#',
      width: '84px',
      cell: (_record, index) => <CellText dimmed>{countText(index + 1)}</CellText>,
    },
    {
      header: 'The user says',
      width: 'minmax(200px, 1fr)',
      cell: ({ payload }) => <CellText>{lastSaid(payload.messages, 'user')}</CellText>,
    },
    {
      header: 'The assistant answers',
      width: 'minmax(200px, 1fr)',
      cell: ({ payload }) => <CellText>{lastSaid(payload.messages, 'assistant')}</CellText>,
    },
    ...properties.map((name) => ({
      header: name,
      width: '160px',
      cell: ({ properties: values }: DatasetRecord) => <CellText>{shortValue(values[name])}</CellText>,
    })),
  ]
}
