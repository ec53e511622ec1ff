import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { judgeQuery, replaceJudge, type SavedJudge } from '../../api/judges.ts'
import type { Definition } from '../../api/shapes.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { definitionOf } from './definition.ts'
import { JudgeEditor } from './judge-editor.tsx'

const route = getRouteApi('/shell/judges/$judgeId/edit')

/** Writes a judge's next revision. */
export function EditJudgePage() {
  const { judgeId } = route.useParams()
  const saved = useQuery({ ...judgeQuery(judgeId), refetchOnWindowFocus: false })
  if (saved.isPending) return <Loading what="the judge" />
  if (saved.isError) return <Failed error={saved.error} onRetry={() => saved.refetch()} />
  return <Editor key={saved.data.etag} saved={saved.data} />
}

function Editor({ saved }: { readonly saved: SavedJudge }) {
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const { judge } = saved
  async function save(definition: Definition) {
    await replaceJudge(saved, definition)
    notifications.show({ message: `“${definition.name}” has a new revision.` })
    await navigate({ to: '/judges/$judgeId', params: { judgeId: judge.id } })
    await queryClient.invalidateQueries({ queryKey: ['judges'] })
  }
  return (
    <>
      <PageHeader
        title={`Edit ${judge.name}`}
        above={[
          { to: '/judges', label: 'Judges' },
          { to: `/judges/${judge.id}`, label: judge.name },
        ]}
        description="Saving makes a new revision; runs and judgments keep the one that they were made with."
      />
      <JudgeEditor
        start={definitionOf(judge)}
        saved={definitionOf(judge)}
        firstSamples={[]}
        saveLabel="Save as a new revision"
        onSave={save}
      />
    </>
  )
}
