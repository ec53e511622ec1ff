import { Box } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { judgeQuery } from '../../api/judges.ts'
import { judgmentQuery } from '../../api/judgments.ts'
import { JudgmentView } from '../../components/judgment/judgment-view.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Failed, Loading } from '../../components/states.tsx'

const route = getRouteApi('/shell/judges/$judgeId/judgments/$judgmentId')

export function JudgmentPage() {
  const { judgeId, judgmentId } = route.useParams()
  const { data } = useQuery(judgeQuery(judgeId))
  const judgment = useQuery(judgmentQuery(judgeId, judgmentId))
  return (
    <Box maw={860}>
      <PageHeader
        title="Judgment"
        above={[
          { to: '/judges', label: 'Judges' },
          { to: `/judges/${judgeId}`, label: data?.judge.name ?? 'The judge' },
        ]}
      />
      {judgment.isPending && <Loading what="the judgment" />}
      {judgment.isError && <Failed error={judgment.error} onRetry={() => judgment.refetch()} />}
      {judgment.data !== undefined && <JudgmentView judgment={judgment.data} />}
    </Box>
  )
}
