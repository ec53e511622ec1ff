import { Alert, Badge, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { outputQuery } from '../../api/judgments.ts'
import { runAnswersQuery } from '../../api/runs.ts'
import type { Run } from '../../api/shapes.ts'
import { Ago } from '../../components/ago.tsx'
import { AnchorLink } from '../../components/links.tsx'
import { OutcomeBadge } from '../../components/outcome-badge.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { costText, countText, durationText } from '../../numbers.ts'
import { AnswerPicture } from './answer-picture.tsx'
import { JudgmentDrawer } from './judgment-drawer.tsx'
import { RunActions } from './run-actions.tsx'
import { RunJudgments } from './run-judgments.tsx'
import { RunProgress } from './run-progress.tsx'
import { RunStateBadge } from './run-state-badge.tsx'
import { useLiveRun } from './use-live-run.ts'

const route = getRouteApi('/shell/runs/$runId')

/** A run while it goes on and after: how far it is, what came of it, and each judgment. */
export function RunPage() {
  const { runId } = route.useParams()
  const run = useLiveRun(runId)
  if (run.isPending) return <Loading what="the run" />
  if (run.isError) return <Failed error={run.error} onRetry={() => run.refetch()} />
  return <ShownRun run={run.data} />
}

function ShownRun({ run }: { readonly run: Run }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const output = useQuery(outputQuery(run.revision_id)).data
  const groups = useQuery(runAnswersQuery(run.id)).data ?? []
  return (
    <>
      <PageHeader
        title={run.name}
        above={[{ to: '/runs', label: 'Runs' }]}
        description={
          <Group gap="xs">
            <RunStateBadge state={run.state} />
            {run.priority !== 'normal' && (
              <Badge variant="default" tt="none">
                {run.priority} priority
              </Badge>
            )}
            <Text span size="sm">
              <AnchorLink
                to="/judges/$judgeId"
                params={{ judgeId: run.judge_id }}
                size="sm"
                underline="always"
              >
                {run.judge_name}
              </AnchorLink>{' '}
              with {run.model_name}
              {run.samples > 1 && `, ${run.samples} samples of each record`}, <Ago at={run.created_at} />
            </Text>
          </Group>
        }
        actions={<RunActions run={run} />}
      />
      <Stack>
        {run.reason !== null && run.state !== 'completed' && <Alert color="orange">{run.reason}</Alert>}
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Paper withBorder p="md">
            <Text fw={600} mb="sm">
              Answers
            </Text>
            <AnswerPicture
              groups={groups}
              output={output}
              chosen={search.answer}
              onChoose={(answer) =>
                navigate({ search: { ...search, answer, outcome: undefined }, replace: true })
              }
            />
          </Paper>
          <Paper withBorder p="md">
            <Text fw={600} mb="sm">
              How it went
            </Text>
            <Stack gap="sm">
              <RunProgress run={run} />
              <WithoutAnswer run={run} />
              <Numbers run={run} />
            </Stack>
          </Paper>
        </SimpleGrid>
        <RunJudgments run={run} output={output} />
      </Stack>
      <JudgmentDrawer run={run} />
    </>
  )
}

/** What ended otherwise stands beside the answers, never among them. */
function WithoutAnswer({ run }: { readonly run: Run }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const others = Object.entries(run.outcomes).filter(
    ([outcome, count]) => outcome !== 'answered' && count > 0,
  )
  if (others.length === 0) return null
  return (
    <Stack gap={4}>
      <Text size="sm" c="dimmed">
        Without an answer, and in no share or mean:
      </Text>
      <Group gap="xs">
        {others.map(([outcome, count]) => (
          <Badge
            key={outcome}
            component="button"
            variant={search.outcome === outcome ? 'filled' : 'default'}
            tt="none"
            size="lg"
            style={{ cursor: 'pointer' }}
            aria-pressed={search.outcome === outcome}
            onClick={() =>
              navigate({
                search: {
                  ...search,
                  answer: undefined,
                  outcome: search.outcome === outcome ? undefined : outcome,
                },
                replace: true,
              })
            }
            rightSection={<span className="numbers">{countText(count)}</span>}
          >
            <OutcomeBadge outcome={outcome} />
          </Badge>
        ))}
      </Group>
    </Stack>
  )
}

function Numbers({ run }: { readonly run: Run }) {
  const { started_at: startedAt, ended_at: endedAt } = run
  const facts: [string, string][] = [
    ['Tokens', `${countText(run.input_tokens)} read, ${countText(run.output_tokens)} written`],
    ['Cost', costText(run.cost)],
    ...(startedAt !== null && endedAt !== null
      ? [['Took', durationText(Date.parse(endedAt) - Date.parse(startedAt))] as [string, string]]
      : []),
  ]
  return (
    <Stack gap={2}>
      {facts.map(([name, value]) => (
        <Group key={name} gap="sm">
          <Text size="sm" c="dimmed" w={70}>
            {name}
          </Text>
          <Text size="sm" className="numbers">
            {value}
          </Text>
        </Group>
      ))}
    </Stack>
  )
}
