import { Alert, Button, Group, Kbd, Paper, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { outputQuery, recordMaterialQuery } from '../../api/judgments.ts'
import { runQuery } from '../../api/runs.ts'
import type { Output, Run } from '../../api/shapes.ts'
import { AnswerBadge } from '../../components/answer.tsx'
import { Conversation } from '../../components/conversation/conversation.tsx'
import { LabelChoice } from '../../components/judgment/label-choice.tsx'
import { ButtonLink } from '../../components/links.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Empty, Failed, FailedNote, Loading } from '../../components/states.tsx'
import { countOf } from '../../numbers.ts'
import { useAuthor } from '../../use-author.ts'
import { Progress } from './label-progress.tsx'
import { useLabelKeys } from './use-label-keys.ts'
import { useLabelling } from './use-labelling.ts'

const route = getRouteApi('/shell/runs/$runId/label')

/** Labels one record after the other, those first from which most is learnt. */
export function LabelPage() {
  const { runId } = route.useParams()
  const run = useQuery(runQuery(runId))
  const output = useQuery({ ...outputQuery(run.data?.revision_id ?? ''), enabled: run.data !== undefined })
  if (run.isError) return <Failed error={run.error} onRetry={() => run.refetch()} />
  if (output.isError) return <Failed error={output.error} onRetry={() => output.refetch()} />
  if (run.data === undefined || output.data === undefined) return <Loading what="the run" />
  return (
    <>
      <PageHeader
        title="Label"
        above={[
          { to: '/runs', label: 'Runs' },
          { to: `/runs/${runId}`, label: run.data.name },
        ]}
        description={`Answer as “${run.data.judge_name}” should have. What the judge said stays hidden, so that it does not lead you.`}
        actions={
          <ButtonLink to="/runs/$runId/trust" params={{ runId }} variant="default">
            Read the report
          </ButtonLink>
        }
      />
      <Labelling run={run.data} output={output.data} />
    </>
  )
}

function Labelling({ run, output }: { readonly run: Run; readonly output: Output }) {
  const { width } = route.useSearch()
  const navigate = route.useNavigate()
  const [author, setAuthor] = useAuthor()
  const labelling = useLabelling(run, author.trim(), width)
  const { current, queue, skipped, label, skip, undo, failure, last, showsAnswer, setShowsAnswer } = labelling
  const isNamed = author.trim() !== ''
  useLabelKeys({ output, isOn: isNamed && current !== undefined, label, skip, undo })
  return (
    <Stack maw={860}>
      <Group align="flex-end" justify="space-between">
        <TextInput
          label="Your name"
          placeholder="under which your labels are kept"
          value={author}
          onChange={(event) => setAuthor(event.currentTarget.value)}
        />
        <Switch
          label="Show what the judge said afterwards"
          checked={showsAnswer}
          onChange={(event) => setShowsAnswer(event.currentTarget.checked)}
        />
      </Group>
      <Progress
        {...{ run, output, labelling, width }}
        onWidth={(wanted) => navigate({ search: { width: wanted }, replace: true })}
      />
      {!isNamed && (
        <Alert color="blue">Give your name first, so that labels of different people can be compared.</Alert>
      )}
      {queue.isError && <Failed error={queue.error} onRetry={() => queue.refetch()} />}
      {queue.isPending && <Loading what="the next records" />}
      {showsAnswer && last !== undefined && (
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            Record {last.itemNumber}: you said
          </Text>
          <Text size="sm" fw={600}>
            {last.value ?? 'can’t tell'}
          </Text>
          <Text size="sm" c="dimmed">
            the judge said
          </Text>
          <AnswerBadge answer={last.answer} output={output} />
        </Group>
      )}
      {current === undefined && queue.data !== undefined && (
        <Empty title="There is nothing left to label">
          {run.outcomes.answered === 0
            ? 'The run has no answers yet.'
            : skipped.length > 0
              ? `Only what you skipped is left: ${countOf(skipped.length, 'record')}. Load the page again to see them.`
              : 'Every answered record of the run has a label.'}
        </Empty>
      )}
      {current !== undefined && (
        <>
          <Paper withBorder p="md" pos="sticky" top={60} style={{ zIndex: 2 }}>
            <Stack gap="sm">
              <LabelChoice output={output} isDisabled={!isNamed} onChoose={label} hasKeys />
              <Group gap="xs">
                <Button variant="subtle" size="xs" onClick={skip} leftSection={<Kbd size="xs">s</Kbd>}>
                  Skip
                </Button>
                <Button
                  variant="subtle"
                  size="xs"
                  onClick={undo}
                  disabled={last === undefined}
                  leftSection={<Kbd size="xs">u</Kbd>}
                >
                  Undo the last
                </Button>
              </Group>
              {failure !== null && <FailedNote error={failure} title="The last label was not kept" />}
            </Stack>
          </Paper>
          <CurrentRecord
            key={current.record_id}
            recordId={current.record_id}
            itemNumber={current.item_number}
          />
        </>
      )}
    </Stack>
  )
}

function CurrentRecord({ recordId, itemNumber }: { readonly recordId: string; readonly itemNumber: number }) {
  const record = useQuery(recordMaterialQuery(recordId))
  if (record.isPending) return <Loading what="the record" />
  if (record.isError) return <Failed error={record.error} onRetry={() => record.refetch()} />
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        Record {itemNumber}
      </Text>
      <Conversation {...record.data} />
    </Stack>
  )
}
