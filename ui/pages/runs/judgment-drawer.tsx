import { Drawer, Group, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { runJudgmentQuery, runJudgmentsQuery } from '../../api/run-judgments.ts'
import type { Run } from '../../api/shapes.ts'
import { JudgmentView } from '../../components/judgment/judgment-view.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { StepButtons } from '../../components/step-buttons.tsx'
import { rowsPerPage } from '../../components/virtual-table.tsx'
import { findAround } from './find-around.ts'

const route = getRouteApi('/shell/runs/$runId')

/** One judgment of the run beside the others; `j` and `k` go on to the next and back. */
export function JudgmentDrawer({ run }: { readonly run: Run }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { judgment: judgmentId } = search
  const judgment = useQuery({
    ...runJudgmentQuery(run.id, judgmentId ?? ''),
    enabled: judgmentId !== undefined,
  })
  function show(id: string | undefined) {
    void navigate({ search: { ...search, judgment: id }, replace: id !== undefined })
  }
  return (
    <Drawer
      opened={judgmentId !== undefined}
      onClose={() => show(undefined)}
      position="right"
      size="xl"
      title={judgmentId !== undefined && <Steps run={run} judgmentId={judgmentId} onShow={show} />}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {judgment.isFetching && judgment.data === undefined && <Loading what="the judgment" />}
      {judgment.isError && <Failed error={judgment.error} onRetry={() => judgment.refetch()} />}
      {judgment.data !== undefined && <JudgmentView judgment={judgment.data} />}
    </Drawer>
  )
}

interface StepsProps {
  readonly run: Run
  readonly judgmentId: string
  readonly onShow: (judgmentId: string) => void
}

function Steps({ run, judgmentId, onShow }: StepsProps) {
  const { answer, outcome } = route.useSearch()
  const queryClient = useQueryClient()
  const judgment = useQuery(runJudgmentQuery(run.id, judgmentId)).data
  const { data: around } = useQuery({
    queryKey: ['runs', 'around', run.id, { answer, outcome }, judgmentId],
    queryFn: () =>
      findAround(
        (page) => queryClient.fetchQuery(runJudgmentsQuery(run.id, { answer, outcome }, page)),
        judgment?.item_number ?? 1,
        rowsPerPage,
      ),
    enabled: judgment !== undefined,
  })
  const stepTo = (id: string | undefined) => (id === undefined ? undefined : () => onShow(id))
  return (
    <Group gap="xs">
      <Text fw={600}>Judgment of record {judgment?.item_number}</Text>
      <StepButtons onPrevious={stepTo(around?.previous)} onNext={stepTo(around?.next)} />
    </Group>
  )
}
