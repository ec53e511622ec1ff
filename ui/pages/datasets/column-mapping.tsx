import { MultiSelect, Paper, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import type { ColumnMappingInput } from '../../api/openapi.ts'

interface ColumnMappingProps {
  readonly columns: readonly string[]
  readonly mapping: Partial<ColumnMappingInput>
  readonly onChange: (mapping: Partial<ColumnMappingInput>) => void
}

const roles = [
  { name: 'input', label: 'What the user says', isNeeded: true },
  { name: 'output', label: 'What the assistant answers', isNeeded: false },
  { name: 'context', label: 'Context, put below what the user says', isNeeded: false },
  { name: 'system', label: 'The system message', isNeeded: false },
] as const

/** Which column of a file is what of a conversation. */
export function ColumnMapping({ columns, mapping, onChange }: ColumnMappingProps) {
  return (
    <Paper withBorder p="md">
      <Stack>
        <Text size="sm">
          The file has columns and no conversations. Which column is what? The others become properties, which
          instructions can name.
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {roles.map(({ name, label, isNeeded }) => (
            <Select
              key={name}
              label={label}
              withAsterisk={isNeeded}
              clearable={!isNeeded}
              searchable
              placeholder="None"
              data={[...new Set(columns)]}
              value={mapping[name] ?? null}
              onChange={(column) => onChange({ ...mapping, [name]: column ?? undefined })}
            />
          ))}
        </SimpleGrid>
        <MultiSelect
          label="Properties"
          placeholder="All others but id, label and labels"
          clearable
          searchable
          data={[...new Set(columns)]}
          value={mapping.properties ?? []}
          onChange={(properties) =>
            onChange({ ...mapping, properties: properties.length === 0 ? undefined : properties })
          }
        />
      </Stack>
    </Paper>
  )
}
