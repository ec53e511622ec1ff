import { Alert, Badge, Group, List, Paper, Stack, Text } from '@mantine/core'
import { IconFlag } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { outputQuery, recordMaterialQuery } from '../../api/judgments.ts'
import type { JudgmentRecord, JudgmentWithConversation, Output } from '../../api/shapes.ts'
import { flagMeaning } from '../../flags.ts'
import { isOutcome, outcomes } from '../../outcomes.ts'
import { AnswerInFull } from '../answer.tsx'
import { Conversation } from '../conversation/conversation.tsx'
import { OutcomeBadge } from '../outcome-badge.tsx'
import { Failed, Loading } from '../states.tsx'
import { Distribution } from './distribution.tsx'
import { JudgmentDetails } from './judgment-details.tsx'
import { LabelBox } from './label-box.tsx'

/** As it is kept; one of a run keeps no conversation of its own, but is of a record. */
export type ShownJudgment = JudgmentRecord & Partial<Pick<JudgmentWithConversation, 'conversation'>>

/** All there is to see of a judgment: what was judged, what the judge said of it, and how. */
export function JudgmentView({ judgment }: { readonly judgment: ShownJudgment }) {
  const { data: output } = useQuery(outputQuery(judgment.revision_id))
  return (
    <Stack>
      <Verdict judgment={judgment} output={output} />
      {judgment.record_id !== null && output !== undefined && (
        <LabelBox recordId={judgment.record_id} judgeId={judgment.revision_id} output={output} />
      )}
      <Paper withBorder p="md">
        <Text fw={600} mb="sm">
          What was judged
        </Text>
        <Judged judgment={judgment} />
      </Paper>
      <JudgmentDetails judgment={judgment} />
    </Stack>
  )
}

interface VerdictProps {
  readonly judgment: ShownJudgment
  readonly output: Output | undefined
}

function Verdict({ judgment, output }: VerdictProps) {
  const { outcome, answer, analysis, reason, flags } = judgment
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        {outcome !== 'answered' && (
          <Alert color="orange" title={<OutcomeBadge outcome={outcome} />}>
            {reason ?? (isOutcome(outcome) && outcomes[outcome].why)}
          </Alert>
        )}
        {output !== undefined && outcome === 'answered' && <AnswerInFull answer={answer} output={output} />}
        {outcome === 'answered' && (
          <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {analysis ?? 'The settings keep no analysis.'}
          </Text>
        )}
        <Distribution judgment={judgment} output={output} />
        {flags.length > 0 && <Flags flags={flags} />}
      </Stack>
    </Paper>
  )
}

function Flags({ flags }: { readonly flags: readonly string[] }) {
  return (
    <Alert color="yellow" icon={<IconFlag aria-hidden />} title="Seen in the conversation">
      <List size="sm">
        {flags.map((flag) => (
          <List.Item key={flag}>{flagMeaning(flag)}</List.Item>
        ))}
      </List>
      <Text size="sm" mt={4}>
        Flags never change an answer; they say where to look.
      </Text>
    </Alert>
  )
}

function Judged({
  judgment: { conversation = null, record_id: recordId },
}: {
  readonly judgment: ShownJudgment
}) {
  const record = useQuery({
    ...recordMaterialQuery(recordId ?? ''),
    enabled: conversation === null && recordId !== null,
  })
  if (conversation !== null) return <Conversation {...conversation} />
  if (recordId === null) return <Text c="dimmed">The settings keep no conversations.</Text>
  if (record.isPending) return <Loading what="the record" />
  if (record.isError) return <Failed error={record.error} />
  return (
    <Stack gap="xs">
      <Group>
        <Badge variant="default" tt="none">
          the record as it is now
        </Badge>
      </Group>
      <Conversation {...record.data} />
    </Stack>
  )
}
