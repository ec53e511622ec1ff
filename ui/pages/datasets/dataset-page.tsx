import { Paper, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { datasetQuery, recordCountQuery } from '../../api/datasets.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { countOf } from '../../numbers.ts'
import { DatasetActions } from './dataset-actions.tsx'
import { ImportReport } from './import-report.tsx'
import { RecordDrawer } from './record-drawer.tsx'
import { RecordsTable } from './records-table.tsx'

const route = getRouteApi('/shell/datasets/$datasetId')

/** A dataset's records, and what can be done with them. */
export function DatasetPage() {
  const { datasetId } = route.useParams()
  const { task } = route.useSearch()
  const dataset = useQuery(datasetQuery(datasetId))
  const { data: count } = useQuery(recordCountQuery(datasetId))
  // Where in the table the record that is open stands, so that keys can lead to its neighbours.
  const [openIndex, setOpenIndex] = useState<number>()
  if (dataset.isPending) return <Loading what="the dataset" />
  if (dataset.isError) return <Failed error={dataset.error} onRetry={() => dataset.refetch()} />
  const { name, description } = dataset.data
  return (
    <>
      <PageHeader
        title={name}
        above={[{ to: '/datasets', label: 'Datasets' }]}
        description={
          <>
            {description !== '' && <div>{description}</div>}
            {count !== undefined && countOf(count, 'record')}
          </>
        }
        actions={<DatasetActions dataset={dataset.data} />}
      />
      <Stack>
        {task !== undefined && (
          <Paper withBorder p="md">
            <ImportReport datasetId={datasetId} taskId={task} />
          </Paper>
        )}
        <RecordsTable datasetId={datasetId} onOpen={setOpenIndex} />
      </Stack>
      <RecordDrawer datasetId={datasetId} count={count ?? 0} index={openIndex} onStep={setOpenIndex} />
    </>
  )
}
