import { Badge, Button, Checkbox, Group, Paper, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { judgeQuery, replaceJudge, revisionsQuery, type SavedJudge } from '../../api/judges.ts'
import type { Revision } from '../../api/shapes.ts'
import { Ago } from '../../components/ago.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Empty, Failed, FailedNote, Loading } from '../../components/states.tsx'
import { definitionOf } from './definition.ts'

const RevisionDiff = lazy(() =>
  import('./revision-diff.tsx').then((file) => ({ default: file.RevisionDiff })),
)

const route = getRouteApi('/shell/judges/$judgeId/revisions')

/** What a judge was, what changed, and the way back. */
export function RevisionsPage() {
  const { judgeId } = route.useParams()
  const saved = useQuery(judgeQuery(judgeId))
  const revisions = useQuery(revisionsQuery(judgeId))
  if (saved.isPending || revisions.isPending) return <Loading what="revisions" />
  if (saved.isError) return <Failed error={saved.error} onRetry={() => saved.refetch()} />
  if (revisions.isError) return <Failed error={revisions.error} onRetry={() => revisions.refetch()} />
  const { name } = saved.data.judge
  return (
    <>
      <PageHeader
        title="Revisions"
        above={[
          { to: '/judges', label: 'Judges' },
          { to: `/judges/${judgeId}`, label: name },
        ]}
        description="Each save is a revision that never changes. Choose two to see what is different."
      />
      <Revisions saved={saved.data} revisions={revisions.data.results} count={revisions.data.count} />
    </>
  )
}

interface RevisionsProps {
  readonly saved: SavedJudge
  readonly revisions: readonly Revision[]
  readonly count: number
}

function Revisions({ saved, revisions, count }: RevisionsProps) {
  const { old, new: newer } = useChosen(revisions)
  return (
    <Stack>
      <RevisionsTable {...{ saved, revisions, count }} />
      {old === undefined || newer === undefined ? (
        <Empty title="There is one revision">Edit the judge, and the change is shown here.</Empty>
      ) : (
        <Paper withBorder p="md">
          <Suspense fallback={<Loading what="the difference" />}>
            <RevisionDiff old={old} newer={newer} />
          </Suspense>
        </Paper>
      )}
    </Stack>
  )
}

/** Those that the address names, else the latest and the one before. */
function useChosen(revisions: readonly Revision[]) {
  const search = route.useSearch()
  return {
    old: revisions.find(({ id }) => id === search.old) ?? revisions[1],
    new: revisions.find(({ id }) => id === search.new) ?? revisions[0],
  }
}

function RevisionsTable({ saved, revisions, count }: RevisionsProps) {
  const { judgeId } = route.useParams()
  const navigate = route.useNavigate()
  const chosen = useChosen(revisions)
  const queryClient = useQueryClient()
  const restoring = useMutation({
    mutationFn: (revision: Revision) => replaceJudge(saved, definitionOf(revision)),
    onSuccess: async () => {
      notifications.show({ message: 'It is restored, as a new revision.' })
      await navigate({ search: {} })
      await queryClient.invalidateQueries({ queryKey: ['judges'] })
    },
  })
  function choose(side: 'old' | 'new', id: string) {
    const search = { old: chosen.old?.id, new: chosen.new?.id, [side]: id }
    void navigate({ params: { judgeId }, search, replace: true })
  }
  return (
    <>
      {restoring.isError && <FailedNote error={restoring.error} title="It was not restored" />}
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={70}>Before</Table.Th>
              <Table.Th w={70}>After</Table.Th>
              <Table.Th>Revision</Table.Th>
              <Table.Th>Saved</Table.Th>
              <Table.Th>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {revisions.map((revision, index) => (
              <Table.Tr key={revision.id}>
                {(['old', 'new'] as const).map((side) => (
                  <Table.Td key={side}>
                    <Checkbox
                      aria-label={`Revision ${count - index} ${side === 'old' ? 'before' : 'after'}`}
                      checked={chosen[side]?.id === revision.id}
                      onChange={() => choose(side, revision.id)}
                    />
                  </Table.Td>
                ))}
                <Table.Td>
                  <Group gap="xs">
                    <Text size="sm" fw={600}>
                      {count - index}
                    </Text>
                    {index === 0 && <Badge variant="light">latest</Badge>}
                    <Text size="sm" c="dimmed">
                      {revision.model_name}
                    </Text>
                  </Group>
                </Table.Td>
                <Table.Td>
                  <Text size="sm">
                    <Ago at={revision.created_at} />
                  </Text>
                </Table.Td>
                <Table.Td ta="right">
                  {index > 0 && (
                    <Button
                      size="xs"
                      variant="default"
                      loading={restoring.isPending}
                      onClick={() => restoring.mutate(revision)}
                    >
                      Restore
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  )
}
