import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { LastRun as RunFacts } from '../../api/openapi.ts'
import { runsQuery } from '../../api/runs.ts'
import { Ago } from '../../components/ago.tsx'
import { AnchorLink } from '../../components/links.tsx'
import { countText, numberText, shareText } from '../../numbers.ts'

type ShownRun = Pick<RunFacts, 'id' | 'state' | 'created_at' | 'finished_at' | 'judged' | 'share_answered'> &
  Partial<Pick<RunFacts, 'answers' | 'mean' | 'answered'>>

/** How a judge's last run went, and what it mostly said. */
export function LastRun({ run }: { readonly run: ShownRun | null }) {
  if (run === null)
    return (
      <Text size="sm" c="dimmed">
        none
      </Text>
    )
  const said = resultOf(run)
  return (
    <Text size="sm" component="div">
      <AnchorLink to="/runs/$runId" params={{ runId: run.id }} size="sm" underline="always">
        {run.state}
      </AnchorLink>{' '}
      <Ago at={run.finished_at ?? run.created_at} />
      {said !== undefined && <Text size="xs">{said}</Text>}
      <Text size="xs" c="dimmed">
        {run.share_answered === null
          ? 'nothing judged yet'
          : `${countText(run.judged)} judged, ${shareText(run.share_answered)} answered`}
      </Text>
    </Text>
  )
}

function resultOf({ answers = [], mean = null, answered = 0 }: ShownRun): string | undefined {
  const [most] = answers
  if (most !== undefined && answered > 0) return `${shareText(most.count / answered)} “${most.answer}”`
  return mean === null ? undefined : `${numberText(mean)} on the mean`
}

/** The same, asked for one judge. */
export function LastRunOf({ judgeId }: { readonly judgeId: string }) {
  const { data } = useQuery(runsQuery({ judge: judgeId }, 1))
  if (data === undefined) return null
  const [run] = data.results
  if (run === undefined) return <LastRun run={null} />
  const judged = run.total - run.pending
  const share = judged === 0 ? null : run.outcomes.answered / judged
  return <LastRun run={{ ...run, finished_at: run.ended_at, judged, share_answered: share }} />
}
