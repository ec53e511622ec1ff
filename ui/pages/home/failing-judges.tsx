import { Paper, Stack, Text } from '@mantine/core'
import type { Overview } from '../../api/overview.ts'
import { AnchorLink } from '../../components/links.tsx'
import { countOf, countText, shareText } from '../../numbers.ts'

type FailingJudgesProps = Pick<Overview['last_7_days'], 'failing_judges' | 'rate_limited'>

/** Judges that gave no answer, and providers whose limits were hit. */
export function FailingJudges({ failing_judges: failing, rate_limited: limited }: FailingJudgesProps) {
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb="sm" component="h2">
        Without an answer, last 7 days
      </Text>
      {failing.length === 0 && (
        <Text size="sm" c="dimmed">
          Every judgment gave an answer.
        </Text>
      )}
      <Stack gap="sm">
        {failing.map(
          ({
            judge_id: judgeId,
            judge_name: name,
            judgments,
            not_answered: none,
            share_not_answered: share,
          }) => (
            <div key={judgeId}>
              <AnchorLink to="/judges/$judgeId" params={{ judgeId }} size="sm" fw={600}>
                {name}
              </AnchorLink>
              <Text size="xs" c="dimmed" className="numbers">
                {countText(none)} of {countText(judgments)}, {shareText(share)}
              </Text>
            </div>
          ),
        )}
        {limited.map(({ provider, judgments }) => (
          <Text key={provider} size="sm">
            The rate limit of {provider} ended {countOf(judgments, 'judgment')}.
          </Text>
        ))}
      </Stack>
    </Paper>
  )
}
