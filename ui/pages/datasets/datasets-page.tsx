import { Pagination, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconDatabase, IconPlus, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { datasetsPerPage, datasetsQuery, recordCountQuery } from '../../api/datasets.ts'
import type { Dataset } from '../../api/shapes.ts'
import { Ago } from '../../components/ago.tsx'
import { AnchorLink, ButtonLink } from '../../components/links.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Empty, Failed, Loading } from '../../components/states.tsx'
import { countOf, countText } from '../../numbers.ts'

const route = getRouteApi('/shell/datasets')

export function DatasetsPage() {
  const { q, page = 1 } = route.useSearch()
  const navigate = route.useNavigate()
  const datasets = useQuery(datasetsQuery(q, page))
  const [text, setText] = useState(q ?? '')
  const find = useDebouncedCallback(
    (typed: string) => navigate({ search: { q: typed === '' ? undefined : typed }, replace: true }),
    250,
  )
  return (
    <>
      <PageHeader
        title="Datasets"
        description={datasets.data && countOf(datasets.data.count, 'dataset')}
        actions={
          <ButtonLink to="/datasets/new" leftSection={<IconPlus size={16} aria-hidden />}>
            New dataset
          </ButtonLink>
        }
      />
      <TextInput
        aria-label="Search names and descriptions"
        placeholder="Search names and descriptions"
        leftSection={<IconSearch size={16} aria-hidden />}
        mb="md"
        maw={420}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          find(event.currentTarget.value.trim())
        }}
      />
      {datasets.isPending && <Loading what="datasets" />}
      {datasets.isError && <Failed error={datasets.error} onRetry={() => datasets.refetch()} />}
      {datasets.data?.count === 0 && <NoDatasets isFiltered={q !== undefined} />}
      {datasets.data !== undefined && datasets.data.count > 0 && (
        <DatasetsTable datasets={datasets.data.results} />
      )}
      {datasets.data !== undefined && datasets.data.count > datasetsPerPage && (
        <Pagination
          mt="md"
          total={Math.ceil(datasets.data.count / datasetsPerPage)}
          value={page}
          onChange={(next) => navigate({ search: { q, page: next } })}
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
        />
      )}
    </>
  )
}

function NoDatasets({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No dataset fits">Search for something else.</Empty>
  return (
    <Empty
      icon={<IconDatabase size={36} stroke={1.5} aria-hidden />}
      title="No dataset yet"
      action={<ButtonLink to="/datasets/new">Upload a file</ButtonLink>}
    >
      A dataset is a collection of conversations, which judges are run on.
    </Empty>
  )
}

function DatasetsTable({ datasets }: { readonly datasets: readonly Dataset[] }) {
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Dataset</Table.Th>
            <Table.Th w={120} ta="right">
              Records
            </Table.Th>
            <Table.Th w={160}>Made</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {datasets.map(({ id, name, description, created_at }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <AnchorLink to="/datasets/$datasetId" params={{ datasetId: id }} fw={600}>
                  {name}
                </AnchorLink>
                <Text size="sm" c="dimmed" lineClamp={2}>
                  {description}
                </Text>
              </Table.Td>
              <Table.Td ta="right" className="numbers">
                <RecordCount datasetId={id} />
              </Table.Td>
              <Table.Td>
                <Ago at={created_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function RecordCount({ datasetId }: { readonly datasetId: string }) {
  const { data } = useQuery(recordCountQuery(datasetId))
  return data === undefined ? '…' : countText(data)
}
