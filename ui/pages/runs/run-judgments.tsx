import { Button, Group, Text } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { runJudgmentsQuery } from '../../api/run-judgments.ts'
import type { JudgmentRecord, Output, Run } from '../../api/shapes.ts'
import { AnswerBadge } from '../../components/answer.tsx'
import { OutcomeBadge } from '../../components/outcome-badge.tsx'
import { Empty } from '../../components/states.tsx'
import { CellText, type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { countText, shareText } from '../../numbers.ts'
import { isOutcome, outcomes } from '../../outcomes.ts'

const route = getRouteApi('/shell/runs/$runId')

interface RunJudgmentsProps {
  readonly run: Run
  readonly output: Output | undefined
}

/** Every judgment of a run, or those with one answer or outcome. */
export function RunJudgments({ run, output }: RunJudgmentsProps) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { answer, outcome } = search
  const isFiltered = answer !== undefined || outcome !== undefined
  return (
    <div>
      <Group justify="space-between" mb="xs">
        <Text fw={600} component="h2" size="lg">
          Judgments{search.answer !== undefined && ` with “${search.answer}”`}
          {search.outcome !== undefined &&
            ` that ended as ${isOutcome(search.outcome) ? outcomes[search.outcome].label : search.outcome}`}
        </Text>
        {isFiltered && (
          <Button variant="subtle" size="xs" onClick={() => navigate({ search: {}, replace: true })}>
            Show all
          </Button>
        )}
      </Group>
      <VirtualTable
        label={`Judgments of ${run.name}`}
        columns={columnsOf(output)}
        pageQuery={(page) => runJudgmentsQuery(run.id, { answer, outcome }, page)}
        onOpen={({ id }) => navigate({ search: { ...search, judgment: id } })}
        isOpen={({ id }) => id === search.judgment}
        empty={
          <Empty title={isFiltered ? 'No judgment fits' : 'Nothing is judged yet'}>
            {isFiltered ? 'Take the filter away to see all.' : 'They appear here as they are made.'}
          </Empty>
        }
      />
    </div>
  )
}

function columnsOf(output: Output | undefined): Column<JudgmentRecord>[] {
  return [
    {
      header: '#',
      width: '76px',
      cell: ({ item_number: number }) => <CellText dimmed>{countText(number ?? 0)}</CellText>,
    },
    {
      header: 'Answer',
      width: 'minmax(170px, 190px)',
      cell: ({ answer, outcome }) =>
        outcome === 'answered' ? (
          <AnswerBadge answer={answer} output={output} />
        ) : (
          <OutcomeBadge outcome={outcome} />
        ),
    },
    {
      header: 'Analysis',
      width: 'minmax(260px, 1fr)',
      cell: ({ analysis, reason }) => (
        <CellText dimmed={analysis === null}>{analysis ?? reason ?? 'not kept'}</CellText>
      ),
    },
    {
      header: 'Agreement',
      width: '110px',
      cell: ({ agreement }) => <CellText dimmed>{agreement === null ? '' : shareText(agreement)}</CellText>,
    },
    {
      header: 'Flags',
      width: '80px',
      cell: ({ flags }) => <CellText dimmed>{flags.length === 0 ? '' : flags.length}</CellText>,
    },
  ]
}
