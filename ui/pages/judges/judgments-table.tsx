import { Anchor } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { judgeJudgmentsQuery } from '../../api/judgments.ts'
import type { Judge, JudgmentRecord } from '../../api/shapes.ts'
import { Ago } from '../../components/ago.tsx'
import { AnswerBadge } from '../../components/answer.tsx'
import { OutcomeBadge } from '../../components/outcome-badge.tsx'
import { Empty } from '../../components/states.tsx'
import { CellText, type Column, VirtualTable } from '../../components/virtual-table.tsx'

/** What a judge said to callers who waited, newest first; what it says in runs is with the runs. */
export function JudgmentsTable({ judge }: { readonly judge: Judge }) {
  const navigate = useNavigate()
  const columns: Column<JudgmentRecord>[] = [
    {
      header: 'Answer',
      width: 'minmax(130px, 180px)',
      cell: ({ answer, outcome }) =>
        outcome === 'answered' ? (
          <AnswerBadge answer={answer} output={judge.output} />
        ) : (
          <OutcomeBadge outcome={outcome} />
        ),
    },
    {
      header: 'Analysis',
      width: 'minmax(240px, 1fr)',
      cell: ({ analysis, reason }) => (
        <CellText dimmed={analysis === null}>{analysis ?? reason ?? 'not kept'}</CellText>
      ),
    },
    {
      header: 'Made',
      width: '150px',
      cell: ({ created_at }) => (
        <CellText>
          <Ago at={created_at} />
        </CellText>
      ),
    },
  ]
  return (
    <VirtualTable
      label={`Judgments of ${judge.name}`}
      columns={columns}
      pageQuery={(page) => judgeJudgmentsQuery(judge.id, page)}
      onOpen={({ id }) =>
        navigate({
          to: '/judges/$judgeId/judgments/$judgmentId',
          params: { judgeId: judge.id, judgmentId: id },
        })
      }
      height="420px"
      empty={
        <Empty title="It has not judged yet">
          Run it on a dataset, or call it from a program:{' '}
          <Anchor href="/docs" underline="always">
            the API
          </Anchor>
          .
        </Empty>
      }
    />
  )
}
