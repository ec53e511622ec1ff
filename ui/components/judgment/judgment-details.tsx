import { Badge, Code, Group, Paper, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import type { JudgmentRecord } from '../../api/shapes.ts'
import { costText, countText, durationText, sizeText } from '../../numbers.ts'
import { AnswerBadge } from '../answer.tsx'
import { OutcomeBadge } from '../outcome-badge.tsx'

const enforcements: Readonly<Record<string, string>> = {
  grammar: 'a grammar: no other answer was possible',
  json_schema: 'a JSON schema',
  tool_call: 'a forced tool call',
  json_object: 'JSON mode',
  text: 'its words alone',
}

/** How a judgment was made, and what it took. */
export function JudgmentDetails({ judgment }: { readonly judgment: JudgmentRecord }) {
  const rows: [string, React.ReactNode][] = [
    ['Model', `${judgment.provider}/${judgment.model_name}`],
    ['Held to its form by', enforcements[judgment.enforcement ?? ''] ?? 'nothing: no model replied'],
    ['Calls', countText(judgment.attempts)],
    ['Took', durationText(judgment.latency_ms)],
    ['Tokens', `${countText(judgment.input_tokens)} read, ${countText(judgment.output_tokens)} written`],
    ['Cost', costText(judgment.cost)],
    ['Left out', judgment.left_out.length === 0 ? 'nothing' : judgment.left_out.join(', ')],
    ['Made', new Date(judgment.created_at).toLocaleString('en')],
    ['Revision', <Code key="revision">{judgment.revision_id}</Code>],
  ]
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb="sm">
        How it was made
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        {rows.map(([name, value]) => (
          <Group key={name} gap="xs" wrap="nowrap" align="flex-start">
            <Text size="sm" c="dimmed" w={120} style={{ flexShrink: 0 }}>
              {name}
            </Text>
            <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
              {value}
            </Text>
          </Group>
        ))}
      </SimpleGrid>
      <ToolCalls calls={judgment.tool_calls} />
      <Votes votes={judgment.votes} />
    </Paper>
  )
}

function ToolCalls({ calls }: { readonly calls: JudgmentRecord['tool_calls'] }) {
  if (calls.length === 0) return null
  return (
    <Stack gap={4} mt="md">
      <Text size="sm" fw={600}>
        What it looked up
      </Text>
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Tbody>
            {calls.map((call, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: calls never change places
              <Table.Tr key={index}>
                <Table.Td>{call.name}</Table.Td>
                <Table.Td>
                  <Code style={{ overflowWrap: 'anywhere' }}>{call.arguments}</Code>
                </Table.Td>
                <Table.Td>{call.outcome}</Table.Td>
                <Table.Td className="numbers">{sizeText(call.result_bytes)}</Table.Td>
                <Table.Td className="numbers">{durationText(call.latency_ms)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  )
}

function Votes({ votes }: { readonly votes: JudgmentRecord['votes'] }) {
  if (votes === null || votes.length === 0) return null
  return (
    <Stack gap="xs" mt="md">
      <Text size="sm" fw={600}>
        The answers that it was made of
      </Text>
      {votes.map(({ provider, model_name: model, outcome, answer, analysis, reason }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: votes never change places
        <Stack key={index} gap={2}>
          <Group gap="xs">
            {outcome === 'answered' ? (
              <AnswerBadge answer={answer} output={undefined} />
            ) : (
              <OutcomeBadge outcome={outcome} />
            )}
            <Badge variant="default" tt="none">
              {provider}/{model}
            </Badge>
          </Group>
          <Text size="sm" c="dimmed">
            {analysis ?? reason}
          </Text>
        </Stack>
      ))}
    </Stack>
  )
}
