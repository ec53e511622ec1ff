import { Drawer, Paper, Stack, Text } from '@mantine/core'
import { IconTags } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { outputQuery, recordMaterialQuery } from '../../api/judgments.ts'
import { runQuery } from '../../api/runs.ts'
import type { Agreement, Output } from '../../api/shapes.ts'
import { agreementQuery } from '../../api/trust.ts'
import { Conversation } from '../../components/conversation/conversation.tsx'
import { CrossTable } from '../../components/cross-table.tsx'
import { LabelBox } from '../../components/judgment/label-box.tsx'
import { ButtonLink } from '../../components/links.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Empty, Failed, Loading } from '../../components/states.tsx'
import { AgreementMeasures } from './agreement-measures.tsx'
import { Disagreements } from './disagreements.tsx'
import { EstimatePicture } from './estimate-picture.tsx'
import { LabelScatter } from './label-scatter.tsx'

const route = getRouteApi('/shell/runs/$runId/trust')

/** How far a run's judgments can be trusted: what people would say of all of it, and how sure that is. */
export function ReportPage() {
  const { runId } = route.useParams()
  const run = useQuery(runQuery(runId))
  const agreement = useQuery(agreementQuery(runId))
  const output = useQuery({ ...outputQuery(run.data?.revision_id ?? ''), enabled: run.data !== undefined })
  const failed = [run, agreement, output].find(({ isError }) => isError)
  if (failed !== undefined) return <Failed error={failed.error as Error} onRetry={() => failed.refetch()} />
  if (run.data === undefined || agreement.data === undefined || output.data === undefined)
    return <Loading what="the report" />
  return (
    <>
      <PageHeader
        title="Can it be trusted?"
        above={[
          { to: '/runs', label: 'Runs' },
          { to: `/runs/${runId}`, label: run.data.name },
        ]}
        description="What people said of some records, and what that tells of all of them."
        actions={
          <ButtonLink
            to="/runs/$runId/label"
            params={{ runId }}
            leftSection={<IconTags size={16} aria-hidden />}
          >
            Label more
          </ButtonLink>
        }
      />
      {agreement.data.labels.records === 0 ? (
        <Empty
          icon={<IconTags size={36} stroke={1.5} aria-hidden />}
          title="Nobody has labelled a record of this run yet"
          action={
            <ButtonLink to="/runs/$runId/label" params={{ runId }}>
              Label the first ones
            </ButtonLink>
          }
        >
          A judge is a measuring instrument: a few labels of people tell how far it can be believed.
        </Empty>
      ) : (
        <Report runId={runId} agreement={agreement.data} output={output.data} />
      )}
    </>
  )
}

interface ReportProps {
  readonly runId: string
  readonly agreement: Agreement
  readonly output: Output
}

function Report({ runId, agreement, output }: ReportProps) {
  const navigate = route.useNavigate()
  const open = (recordId: string) => navigate({ search: { record: recordId } })
  return (
    <Stack>
      <EstimatePicture estimate={agreement.estimate} output={output} />
      <AgreementMeasures agreement={agreement} output={output} />
      {agreement.agreement?.type === 'CLASSIFICATION' && (
        <Paper withBorder p="md">
          <Text fw={600} mb="sm">
            Who says what
          </Text>
          <CrossTable {...agreement.agreement.confusion_matrix} rows="People" columns="The judge" />
        </Paper>
      )}
      {output.type === 'REGRESSION' && <LabelScatter runId={runId} output={output} onOpen={open} />}
      {agreement.disagreements.length > 0 && (
        <Disagreements disagreements={agreement.disagreements} output={output} onOpen={open} />
      )}
      <RecordDrawer judgeId={agreement.revision_id} output={output} />
    </Stack>
  )
}

function RecordDrawer({ judgeId, output }: { readonly judgeId: string; readonly output: Output }) {
  const { record: recordId } = route.useSearch()
  const navigate = route.useNavigate()
  const record = useQuery({ ...recordMaterialQuery(recordId ?? ''), enabled: recordId !== undefined })
  return (
    <Drawer
      opened={recordId !== undefined}
      onClose={() => navigate({ search: {} })}
      position="right"
      size="xl"
      title="What was judged"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {record.isError && <Failed error={record.error} />}
      {record.data !== undefined && recordId !== undefined && (
        <Stack>
          <LabelBox recordId={recordId} judgeId={judgeId} output={output} />
          <Conversation {...record.data} />
        </Stack>
      )}
    </Drawer>
  )
}
