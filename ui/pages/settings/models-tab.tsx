import { Badge, Button, Group, Stack, Table, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, taken } from '../../api/client.ts'
import { modelsQuery } from '../../api/judges.ts'
import type { Model } from '../../api/openapi.ts'
import { Empty, Failed, FailedNote, Loading } from '../../components/states.tsx'
import { countText, durationText } from '../../numbers.ts'

const mostShown = 100

/** What judges can name, what was learnt of each, and whether it answers. */
export function ModelsTab() {
  const models = useQuery(modelsQuery)
  const [text, setText] = useState('')
  if (models.isPending) return <Loading what="models" />
  if (models.isError) return <Failed error={models.error} onRetry={() => models.refetch()} />
  const fitting = models.data.filter(({ id }) => id.toLowerCase().includes(text.trim().toLowerCase()))
  return (
    <Stack>
      <TextInput
        aria-label="Find a model"
        placeholder="Find a model"
        leftSection={<IconSearch size={16} aria-hidden />}
        maw={360}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {fitting.length === 0 && (
        <Empty title="No model">
          {models.data.length === 0
            ? 'No provider is set. Start the server with MISTRAL_API_KEY or OPENAI_API_KEY, or fetch a local model: “npx assize models list” shows them.'
            : 'None has that in its name.'}
        </Empty>
      )}
      {fitting.length > 0 && <ModelsTable models={fitting.slice(0, mostShown)} />}
      {fitting.length > mostShown && (
        <Text size="sm" c="dimmed">
          The first {mostShown} of {countText(fitting.length)}; search for others.
        </Text>
      )}
    </Stack>
  )
}

function ModelsTable({ models }: { readonly models: readonly Model[] }) {
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th w={130}>Of</Table.Th>
            <Table.Th w={240}>Answers are held to their form by</Table.Th>
            <Table.Th w={260}>Check</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {models.map((model) => (
            <Table.Tr key={model.id} style={{ verticalAlign: 'top' }}>
              <Table.Td>
                <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                  {model.id}
                </Text>
                {model.description !== null && (
                  <Text size="xs" c="dimmed">
                    {model.description}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{model.owned_by}</Table.Td>
              <Table.Td>
                <Learnt model={model} />
              </Table.Td>
              <Table.Td>
                <Check modelName={model.id} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Learnt({ model: { judging } }: { readonly model: Model }) {
  if (judging === undefined)
    return (
      <Text size="sm" c="dimmed">
        not known before it is asked
      </Text>
    )
  return (
    <Group gap={4}>
      <Badge variant="light" tt="none">
        {judging.enforcement}
      </Badge>
      {judging.left_out.map((name) => (
        <Badge key={name} variant="default" tt="none">
          without {name}
        </Badge>
      ))}
    </Group>
  )
}

/** Has the model judge something plain: whether it answers, how its answer was held to its form, and how long it takes. */
function Check({ modelName }: { readonly modelName: string }) {
  const checking = useMutation({ mutationFn: () => check(modelName) })
  return (
    <Stack gap={4}>
      <Button size="xs" variant="default" loading={checking.isPending} onClick={() => checking.mutate()}>
        Check
      </Button>
      {checking.isError && <FailedNote error={checking.error} />}
      {checking.data !== undefined && (
        <Text size="sm">
          It answers, by {checking.data.details?.enforcement ?? 'its words alone'}, in{' '}
          {durationText(checking.data.details?.latency_ms ?? 0)}.
        </Text>
      )}
    </Stack>
  )
}

function check(modelName: string) {
  return taken(
    api.POST('/v1/observability/judges/try', {
      body: {
        judge_definition: {
          name: 'Check of a model',
          description: '',
          model_name: modelName,
          instructions: 'Is the response a greeting?',
          output: {
            options: [
              { value: 'yes', description: 'It greets.' },
              { value: 'no', description: 'It does not greet.' },
            ],
          },
          tools: [],
        },
        messages: [
          { role: 'user', content: 'Hello!' },
          { role: 'assistant', content: 'Hello, good to see you.' },
        ],
        include: ['details'],
      },
    }),
  )
}
