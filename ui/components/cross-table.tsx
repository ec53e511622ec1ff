import { Table, Text } from '@mantine/core'
import { countText } from '../numbers.ts'

interface CrossTableProps {
  readonly options: readonly string[]
  /** By row, then by column. */
  readonly counts: readonly (readonly number[])[]
  /** What rows and columns are. */
  readonly rows: string
  readonly columns: string
}

/** Counts of pairs of answers: the darker, the more. Those on the diagonal agree. */
export function CrossTable({ options, counts, rows, columns }: CrossTableProps) {
  const most = Math.max(1, ...counts.flat())
  return (
    <Table.ScrollContainer minWidth={Math.min(900, 160 + options.length * 90)}>
      <Table withTableBorder withColumnBorders w="auto">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Text size="xs" c="dimmed">
                {rows} ↓ {columns} →
              </Text>
            </Table.Th>
            {options.map((option) => (
              <Table.Th key={option} ta="right" maw={160}>
                <Text size="sm" fw={600} truncate title={option}>
                  {option}
                </Text>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {options.map((option, row) => (
            <Table.Tr key={option}>
              <Table.Th scope="row" maw={200}>
                <Text size="sm" fw={600} truncate title={option}>
                  {option}
                </Text>
              </Table.Th>
              {options.map((other, column) => {
                const count = counts[row]?.[column] ?? 0
                const color = row === column ? 'green' : 'orange'
                const share = Math.round((count / most) * 26)
                return (
                  <Table.Td
                    key={other}
                    ta="right"
                    className="numbers"
                    fw={row === column ? 700 : 400}
                    style={{
                      background: `color-mix(in srgb, var(--mantine-color-${color}-6) ${share}%, transparent)`,
                    }}
                  >
                    {countText(count)}
                  </Table.Td>
                )
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
