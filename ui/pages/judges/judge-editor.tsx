import { Badge, Button, Grid, Group, Paper, Select, Stack, Tabs } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Definition, Material } from '../../api/shapes.ts'
import { FailedNote } from '../../components/states.tsx'
import { isSame } from './definition.ts'
import { DefinitionForm } from './definition-form.tsx'
import { Findings } from './findings.tsx'
import { PromptPreview } from './prompt-preview.tsx'
import type { Sample } from './read-samples.ts'
import { TryPanel } from './try-panel.tsx'
import { type DefinitionCheck, useDefinitionCheck } from './use-definition-check.ts'
import { useSamples } from './use-samples.ts'

interface JudgeEditorProps {
  readonly start: Definition
  /** What is saved of it, to try beside it. */
  readonly saved?: Definition
  readonly firstSamples: readonly Material[]
  readonly saveLabel: string
  /** Gives a promise that fails where it can't be saved. */
  readonly onSave: (definition: Definition) => Promise<void>
  readonly children?: ReactNode
}

/** Writes a judge: the definition on one side, what it does on the other. */
export function JudgeEditor({ start, saved, firstSamples, saveLabel, onSave, children }: JudgeEditorProps) {
  const [definition, setDefinition] = useState(start)
  const { samples, add, remove } = useSamples(firstSamples)
  const check = useDefinitionCheck(definition)
  const { isSaving, error, save } = useSaving(definition, onSave)
  const isChanged = !isSame(definition, start)
  useBlocker({
    shouldBlockFn: () =>
      isChanged && !isSaving.current && !window.confirm('Leave? What you changed here is not saved.'),
    enableBeforeUnload: () => isChanged && !isSaving.current,
  })
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack>
          {children}
          <DefinitionForm definition={definition} onChange={setDefinition} notes={check.notes} />
          {error !== undefined && <FailedNote error={error} title="It was not saved" />}
          <Group>
            <Button onClick={save} disabled={saved !== undefined && !isChanged}>
              {saveLabel}
            </Button>
          </Group>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Side {...{ definition, saved, samples, check, onAdd: add, onRemove: remove }} />
      </Grid.Col>
    </Grid>
  )
}

function useSaving(definition: Definition, onSave: JudgeEditorProps['onSave']) {
  const [isSaving] = useState({ current: false })
  const [error, setError] = useState<Error>()
  async function save() {
    setError(undefined)
    isSaving.current = true
    try {
      await onSave(definition)
    } catch (cause) {
      setError(cause as Error)
    } finally {
      isSaving.current = false
    }
  }
  return { isSaving, error, save }
}

interface SideProps {
  readonly definition: Definition
  readonly saved: Definition | undefined
  readonly samples: readonly Sample[]
  readonly check: DefinitionCheck
  readonly onAdd: (added: readonly Material[]) => void
  readonly onRemove: (id: string) => void
}

/** What the definition does: tried, as its prompt, and what is likely wrong with it. */
function Side({ definition, saved, samples, check, onAdd, onRemove }: SideProps) {
  const [chosen, setChosen] = useState<string | null>(null)
  const sample = samples.find(({ id }) => id === chosen) ?? samples[0]
  const faults = check.error === undefined ? check.findings.length : 1
  return (
    <Paper withBorder p="md" pos="sticky" top={68} mah="calc(100dvh - 84px)" style={{ overflow: 'auto' }}>
      <Tabs defaultValue="try" keepMounted>
        <Tabs.List mb="md">
          <Tabs.Tab value="try">Try it</Tabs.Tab>
          <Tabs.Tab value="prompt">Prompt</Tabs.Tab>
          <Tabs.Tab
            value="hints"
            rightSection={
              faults > 0 && (
                <Badge size="sm" circle color={check.error === undefined ? 'orange' : 'red'}>
                  {faults}
                </Badge>
              )
            }
          >
            Hints
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="try">
          <TryPanel {...{ definition, saved, samples, onAdd, onRemove }} />
        </Tabs.Panel>
        <Tabs.Panel value="prompt">
          <Stack>
            <Select
              label="For the conversation"
              data={samples.map(({ id, title }) => ({ value: id, label: title }))}
              value={sample?.id ?? null}
              onChange={setChosen}
              allowDeselect={false}
              placeholder="Add one under Try it"
            />
            {sample !== undefined && <PromptPreview definition={definition} sample={sample} />}
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="hints">
          <Findings check={check} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  )
}
