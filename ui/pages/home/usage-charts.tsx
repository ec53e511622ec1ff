import { Group, Paper, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { usageQuery } from '../../api/usage.ts'
import { DayBars } from '../../components/day-bars.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { costText, countText } from '../../numbers.ts'
import { type UsageDay, usageDays } from './usage-days.ts'

const days = 30
const shortDay = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** Judgments and what they cost, by UTC day. */
export function UsageCharts() {
  const usage = useQuery(usageQuery(days, ['day', 'outcome']))
  if (usage.isPending) return <Loading what="usage" />
  if (usage.isError) return <Failed error={usage.error} onRetry={() => usage.refetch()} />
  const rows = usageDays(usage.data.results, days, Date.now())
  const { judgments, cost, unpriced_judgments: unpriced } = usage.data.total
  const labelled = rows.map((row) => ({ ...row, label: shortDay.format(new Date(row.day)) }))
  return (
    <Stack gap="lg">
      <Paper withBorder p="md">
        <Group justify="space-between" mb="sm">
          <Text fw={600} component="h2">
            Judgments, last {days} days
          </Text>
          <Text className="numbers">{countText(judgments)}</Text>
        </Group>
        <DayBars
          height={180}
          show={countText}
          bars={labelled.map(({ label, answered, unanswered }) => ({
            label,
            parts: [
              { name: 'answered', value: answered, color: 'green' },
              { name: 'without an answer', value: unanswered, color: 'orange' },
            ],
          }))}
        />
      </Paper>
      <Paper withBorder p="md">
        <Group justify="space-between" mb="sm">
          <Text fw={600} component="h2">
            Cost
          </Text>
          <Text className="numbers">{costText(cost)}</Text>
        </Group>
        <DayBars
          height={130}
          show={costText}
          bars={labelled.map(({ label, cost: spent }) => ({
            label,
            parts: [{ name: 'spent', value: spent, color: 'seal' }],
          }))}
        />
        <Text size="xs" c="dimmed" mt="xs">
          In the currency of the configured prices.
          {unpriced > 0 && ` ${countText(unpriced)} judgments are by models without a price, and not in it.`}
        </Text>
      </Paper>
      <AsTable rows={rows} />
    </Stack>
  )
}

/** The same for who can't see the charts. */
function AsTable({ rows }: { readonly rows: readonly UsageDay[] }) {
  return (
    <VisuallyHidden>
      <Table>
        <Table.Caption>Judgments and cost by day</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Day</Table.Th>
            <Table.Th>Answered</Table.Th>
            <Table.Th>Without an answer</Table.Th>
            <Table.Th>Cost</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ day, answered, unanswered, cost }) => (
            <Table.Tr key={day}>
              <Table.Td>{day}</Table.Td>
              <Table.Td>{answered}</Table.Td>
              <Table.Td>{unanswered}</Table.Td>
              <Table.Td>{costText(cost)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </VisuallyHidden>
  )
}
