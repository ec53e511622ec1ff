import { Box } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { judgeQuery } from '../../api/judges.ts'
import { judgmentQuery } from '../../api/judgments.ts'
import type { JudgmentWithConversation } from '../../api/shapes.ts'
import { JudgmentView } from '../../components/judgment/judgment-view.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { AddToDataset } from './add-to-dataset.tsx'

type Judged = JudgmentWithConversation & { readonly conversation: object }

/** Whether it keeps what was judged, which no dataset has yet. */
function isAddable(judgment: JudgmentWithConversation | undefined): judgment is Judged {
  return judgment !== undefined && judgment.conversation !== null && judgment.record_id === null
}

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
        actions={isAddable(judgment.data) && <AddToDataset conversation={judgment.data.conversation} />}
      />
      {judgment.isPending && <Loading what="the judgment" />}
      {judgment.isError && <Failed error={judgment.error} onRetry={() => judgment.refetch()} />}
      {judgment.data !== undefined && <JudgmentView judgment={judgment.data} />}
    </Box>
  )
}
