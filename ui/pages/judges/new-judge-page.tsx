import { Badge, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { createJudge, judgeQuery, modelsQuery, templatesQuery } from '../../api/judges.ts'
import type { Definition, JudgeTemplate, Material } from '../../api/shapes.ts'
import { CardLink } from '../../components/links.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { definitionOf, emptyDefinition } from './definition.ts'
import { JudgeEditor } from './judge-editor.tsx'

const route = getRouteApi('/shell/judges/new')
const above = [{ to: '/judges', label: 'Judges' }]
const fromNothing = 'empty'

/** From a template, from nothing, or from another judge. */
export function NewJudgePage() {
  const { template, copy } = route.useSearch()
  const templates = useQuery(templatesQuery)
  const models = useQuery(modelsQuery)
  if (copy !== undefined) return <CopyOf judgeId={copy} />
  if (templates.isPending || models.isPending) return <Loading what="templates" />
  if (templates.isError) return <Failed error={templates.error} onRetry={() => templates.refetch()} />
  if (template === undefined) return <TemplatePicker templates={templates.data} />
  const model = models.data?.[0]?.id ?? ''
  const chosen = templates.data.find(({ id }) => id === template)
  const start = chosen === undefined ? emptyDefinition : chosen.definition
  return (
    <Editor
      key={template}
      start={{ ...start, model_name: model }}
      firstSamples={chosen === undefined ? [] : [chosen.example]}
    />
  )
}

function TemplatePicker({ templates }: { readonly templates: readonly JudgeTemplate[] }) {
  return (
    <>
      <PageHeader
        title="New judge"
        above={above}
        description="Begin with one that is close to what you want to know."
      />
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
        {templates.map(({ id, definition: { name, description, output } }) => (
          <CardLink key={id} withBorder to="/judges/new" search={{ template: id }} padding="md">
            <Stack gap={6}>
              <Group justify="space-between" wrap="nowrap" align="flex-start">
                <Text fw={650}>{name}</Text>
                <Badge variant="default" tt="none" style={{ flexShrink: 0 }}>
                  {output.type === 'CLASSIFICATION'
                    ? `${output.options.length} options`
                    : `${output.min} to ${output.max}`}
                </Badge>
              </Group>
              <Text size="sm" c="dimmed">
                {description}
              </Text>
            </Stack>
          </CardLink>
        ))}
        <CardLink withBorder to="/judges/new" search={{ template: fromNothing }} padding="md">
          <Text fw={650}>From nothing</Text>
          <Text size="sm" c="dimmed">
            An empty form.
          </Text>
        </CardLink>
      </SimpleGrid>
    </>
  )
}

function CopyOf({ judgeId }: { readonly judgeId: string }) {
  const saved = useQuery(judgeQuery(judgeId))
  if (saved.isPending) return <Loading what="the judge" />
  if (saved.isError) return <Failed error={saved.error} onRetry={() => saved.refetch()} />
  const { name, ...rest } = definitionOf(saved.data.judge)
  return <Editor start={{ ...rest, name: `Copy of ${name}`.slice(0, 50) }} firstSamples={[]} />
}

interface EditorProps {
  readonly start: Definition
  readonly firstSamples: readonly Material[]
}

function Editor({ start, firstSamples }: EditorProps) {
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  async function save(definition: Definition) {
    const { id, name } = await createJudge(definition)
    await queryClient.invalidateQueries({ queryKey: ['judges'] })
    notifications.show({ message: `“${name}” is saved.` })
    await navigate({ to: '/judges/$judgeId', params: { judgeId: id } })
  }
  return (
    <>
      <PageHeader title="New judge" above={above} />
      <JudgeEditor start={start} firstSamples={firstSamples} saveLabel="Save the judge" onSave={save} />
    </>
  )
}
