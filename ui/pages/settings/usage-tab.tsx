import { Group, Select, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { judgeQuery } from '../../api/judges.ts'
import { type UsageGroup, type UsageRow, usageQuery } from '../../api/usage.ts'
import { AnchorLink } from '../../components/links.tsx'
import { OutcomeBadge } from '../../components/outcome-badge.tsx'
import { Empty, Failed, Loading } from '../../components/states.tsx'
import { costText, countText } from '../../numbers.ts'

const groups: readonly { readonly value: UsageGroup; readonly label: string }[] = [
  { value: 'judge', label: 'judge' },
  { value: 'model', label: 'model' },
  { value: 'day', label: 'day' },
  { value: 'outcome', label: 'outcome' },
  { value: 'source', label: 'live or run' },
]
const spans = ['7', '30', '90', '365'] as const

/** What judging used and cost. */
export function UsageTab() {
  const [group, setGroup] = useState<UsageGroup>('judge')
  const [days, setDays] = useState('30')
  const usage = useQuery(usageQuery(Number(days), [group]))
  return (
    <Stack>
      <Group>
        <Select
          label="By"
          data={groups}
          value={group}
          allowDeselect={false}
          onChange={(value) => setGroup((value ?? 'judge') as UsageGroup)}
        />
        <Select
          label="In the last"
          data={spans.map((span) => ({ value: span, label: `${span} days` }))}
          value={days}
          allowDeselect={false}
          onChange={(value) => setDays(value ?? '30')}
        />
      </Group>
      {usage.isPending && <Loading what="usage" />}
      {usage.isError && <Failed error={usage.error} onRetry={() => usage.refetch()} />}
      {usage.data?.results.length === 0 && <Empty title="Nothing was judged">Not in these days.</Empty>}
      {usage.data !== undefined && usage.data.results.length > 0 && (
        <UsageTable rows={usage.data.results} total={usage.data.total} group={group} />
      )}
    </Stack>
  )
}

interface UsageTableProps {
  readonly rows: readonly UsageRow[]
  readonly total: Omit<UsageRow, UsageGroup>
  readonly group: UsageGroup
}

function UsageTable({ rows, total, group }: UsageTableProps) {
  const ordered = group === 'day' ? rows : rows.toSorted((one, other) => other.judgments - one.judgments)
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{groups.find(({ value }) => value === group)?.label}</Table.Th>
            <Table.Th ta="right">Judgments</Table.Th>
            <Table.Th ta="right">Tokens read</Table.Th>
            <Table.Th ta="right">Tokens written</Table.Th>
            <Table.Th ta="right">Cost</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ordered.map((row) => (
            <Table.Tr key={keyOf(row, group)}>
              <Table.Td>
                <Name row={row} group={group} />
              </Table.Td>
              <Sums row={row} />
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Td fw={650}>All</Table.Td>
            <Sums row={total} />
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </Table.ScrollContainer>
  )
}

function keyOf(row: UsageRow, group: UsageGroup): string {
  return String(group === 'judge' ? row.judge_id : row[group])
}

function Sums({ row }: { readonly row: UsageTableProps['total'] }) {
  return [
    countText(row.judgments),
    countText(row.input_tokens),
    countText(row.output_tokens),
    costText(row.cost),
  ].map((text, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: columns never change places
    <Table.Td key={index} ta="right" className="numbers">
      {text}
    </Table.Td>
  ))
}

function Name({ row, group }: { readonly row: UsageRow; readonly group: UsageGroup }) {
  if (group === 'judge') return <JudgeName judgeId={row.judge_id ?? ''} />
  if (group === 'outcome') return <OutcomeBadge outcome={row.outcome ?? ''} />
  return <Text size="sm">{keyOf(row, group)}</Text>
}

function JudgeName({ judgeId }: { readonly judgeId: string }) {
  const { data, isError } = useQuery({ ...judgeQuery(judgeId), retry: false })
  if (isError) return <Text size="sm">a deleted judge</Text>
  return (
    <AnchorLink to="/judges/$judgeId" params={{ judgeId }} size="sm">
      {data?.judge.name ?? '…'}
    </AnchorLink>
  )
}
