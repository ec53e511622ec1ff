import { Group, Paper, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import type { Overview } from '../../api/overview.ts'
import { DayBars } from '../../components/day-bars.tsx'
import { costText, countText } from '../../numbers.ts'

const shortDay = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** Judgments and what they cost, by UTC day. */
export function UsageCharts({ days }: { readonly days: Overview['days'] }) {
  const rows = days.map((day) => ({
    ...day,
    label: shortDay.format(new Date(day.day)),
    answered: day.outcomes.answered,
    unanswered: day.judgments - day.outcomes.answered,
  }))
  const judgments = sumOf(days.map((day) => day.judgments))
  const unpriced = sumOf(days.map((day) => day.unpriced_judgments))
  const known = days.flatMap(({ cost }) => (cost === null ? [] : [cost]))
  return (
    <Stack gap="lg">
      <Paper withBorder p="md">
        <Group justify="space-between" mb="sm">
          <Text fw={600} component="h2">
            Judgments, last {days.length} days
          </Text>
          <Text className="numbers">{countText(judgments)}</Text>
        </Group>
        <DayBars
          height={180}
          show={countText}
          bars={rows.map(({ label, answered, unanswered }) => ({
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
          <Text className="numbers">{costText(known.length === 0 ? null : sumOf(known))}</Text>
        </Group>
        <DayBars
          height={130}
          show={costText}
          bars={rows.map(({ label, cost: spent }) => ({
            label,
            parts: [{ name: 'spent', value: spent ?? 0, color: 'seal' }],
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

interface ShownDay {
  readonly day: string
  readonly answered: number
  readonly unanswered: number
  readonly cost: number | null
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** The same for who can't see the charts. */
function AsTable({ rows }: { readonly rows: readonly ShownDay[] }) {
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
