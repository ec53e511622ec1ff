import { Group, Paper, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { judgeQuery } from '../../api/judges.ts'
import { usageQuery } from '../../api/usage.ts'
import { AnchorLink } from '../../components/links.tsx'
import { OutcomeBadge } from '../../components/outcome-badge.tsx'
import { countOf, countText, shareText } from '../../numbers.ts'
import { type FailingJudge, failingJudges, rateLimited } from './usage-days.ts'

const days = 7
const mostShown = 5

/** Judges that gave no answer, and providers whose limits were hit. */
export function FailingJudges() {
  const byJudge = useQuery(usageQuery(days, ['judge', 'outcome']))
  const byProvider = useQuery(usageQuery(days, ['provider', 'outcome']))
  const failing = failingJudges(byJudge.data?.results ?? [], mostShown)
  const limited = rateLimited(byProvider.data?.results ?? [])
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb="sm" component="h2">
        Without an answer, last {days} days
      </Text>
      {byJudge.data !== undefined && failing.length === 0 && (
        <Text size="sm" c="dimmed">
          Every judgment gave an answer.
        </Text>
      )}
      <Stack gap="sm">
        {failing.map((judge) => (
          <Failing key={judge.judgeId} judge={judge} />
        ))}
        {limited.map(({ provider, judgments }) => (
          <Text key={provider} size="sm">
            The rate limit of {provider} ended {countOf(judgments, 'judgment')}.
          </Text>
        ))}
      </Stack>
    </Paper>
  )
}

function Failing({ judge: { judgeId, judgments, unanswered, mostly } }: { readonly judge: FailingJudge }) {
  const { data, isError } = useQuery({ ...judgeQuery(judgeId), retry: false })
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        {isError ? (
          <Text size="sm">a deleted judge</Text>
        ) : (
          <AnchorLink to="/judges/$judgeId" params={{ judgeId }} size="sm" fw={600}>
            {data?.judge.name ?? '…'}
          </AnchorLink>
        )}
        <Text size="xs" c="dimmed" className="numbers">
          {countText(unanswered)} of {countText(judgments)}, {shareText(unanswered / judgments)}
        </Text>
      </div>
      <OutcomeBadge outcome={mostly} />
    </Group>
  )
}
