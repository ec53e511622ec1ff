import { ActionIcon, Drawer, Group, Kbd, Text, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type RunJudgmentsAsked, runJudgmentQuery, runJudgmentsQuery } from '../../api/run-judgments.ts'
import type { Run } from '../../api/shapes.ts'
import { JudgmentView } from '../../components/judgment/judgment-view.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { rowsPerPage } from '../../components/virtual-table.tsx'

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
    queryFn: () => findAround(queryClient, run.id, { answer, outcome }, judgment?.item_number ?? 1),
    enabled: judgment !== undefined,
  })
  const [previous, next] = [around?.previous, around?.next]
  const step = (id: string | undefined) => () => id !== undefined && onShow(id)
  useHotkeys([
    ['j', step(next)],
    ['k', step(previous)],
  ])
  return (
    <Group gap="xs">
      <Text fw={600}>Judgment of record {judgment?.item_number}</Text>
      <Tooltip
        label={
          <span>
            The one before <Kbd size="xs">k</Kbd>
          </span>
        }
      >
        <ActionIcon
          variant="default"
          aria-label="The one before"
          disabled={previous === undefined}
          onClick={step(previous)}
        >
          <IconChevronUp size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip
        label={
          <span>
            The next one <Kbd size="xs">j</Kbd>
          </span>
        }
      >
        <ActionIcon
          variant="default"
          aria-label="The next one"
          disabled={next === undefined}
          onClick={step(next)}
        >
          <IconChevronDown size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}

/**
 * The judgments before and after one, of those that fit. Without a filter it is known on which page it stands; with one, all pages
 * up to it would have to be read, so that only the first is looked at.
 */
async function findAround(
  queryClient: QueryClient,
  runId: string,
  asked: RunJudgmentsAsked,
  itemNumber: number,
): Promise<{ readonly previous: string | undefined; readonly next: string | undefined }> {
  const isFiltered = asked.answer !== undefined || asked.outcome !== undefined
  const page = isFiltered ? 1 : Math.floor((itemNumber - 1) / rowsPerPage) + 1
  const read = async (number: number) =>
    (await queryClient.fetchQuery(runJudgmentsQuery(runId, asked, number))).results
  const here = await read(page)
  const place = here.findIndex(({ item_number: number }) => number === itemNumber)
  if (place === -1) return { previous: undefined, next: undefined }
  const before = place === 0 && page > 1 ? await read(page - 1) : []
  const after = place === here.length - 1 && place === rowsPerPage - 1 ? await read(page + 1) : []
  return { previous: (here[place - 1] ?? before.at(-1))?.id, next: (here[place + 1] ?? after[0])?.id }
}
