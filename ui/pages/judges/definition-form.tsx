import { Autocomplete, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { modelsQuery, toolsQuery } from '../../api/judges.ts'
import type { Definition } from '../../api/shapes.ts'
import { type LineNote, TemplateEditor } from '../../components/template-editor.tsx'
import { typed } from './definition.ts'
import { OutputEditor } from './output-editor.tsx'

interface DefinitionFormProps {
  readonly definition: Definition
  readonly onChange: (definition: Definition) => void
  readonly notes: readonly LineNote[]
}

/** All that makes a judge. */
export function DefinitionForm({ definition, onChange, notes }: DefinitionFormProps) {
  const { data: models = [] } = useQuery(modelsQuery)
  const { data: tools = [] } = useQuery(toolsQuery)
  function put(change: Partial<Definition>) {
    onChange({ ...definition, ...change })
  }
  return (
    <Stack gap="md">
      <TextInput
        label="Name"
        description="5 to 50 characters, its own in the workspace"
        value={definition.name}
        maxLength={50}
        onChange={(event) => put({ name: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        description="What it is for, for people"
        autosize
        minRows={1}
        maxRows={4}
        value={definition.description}
        maxLength={500}
        onChange={(event) => put({ description: event.currentTarget.value })}
      />
      <Autocomplete
        label="Model"
        description="One that this server serves, or provider/model"
        placeholder={models[0]?.id ?? 'provider/model'}
        data={[...new Set(models.map(({ id }) => id))]}
        limit={50}
        value={definition.model_name}
        onChange={(model_name) => put({ model_name })}
      />
      <TemplateEditor
        label="Instructions"
        description="A Jinja2 template. Type {{ for what it can name; a conversation that it does not name is added below it."
        value={definition.instructions}
        onChange={(instructions) => put({ instructions })}
        notes={notes}
      />
      <OutputEditor output={typed(definition.output)} onChange={(output) => put({ output })} />
      <TagsInput
        label="Tools"
        description="What the judge may look up before it answers"
        placeholder={definition.tools.length === 0 ? 'none' : ''}
        data={tools.map(({ name }) => name)}
        value={definition.tools}
        onChange={(names) => put({ tools: names })}
      />
    </Stack>
  )
}
