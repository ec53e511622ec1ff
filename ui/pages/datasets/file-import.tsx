import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import '@mantine/dropzone/styles.css'
import { IconFile, IconUpload, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { uploadFile } from '../../api/imports.ts'
import type { ColumnMappingInput } from '../../api/openapi.ts'
import type { ImportTask } from '../../api/shapes.ts'
import { FailedNote } from '../../components/states.tsx'
import { shareText, sizeText } from '../../numbers.ts'
import { ColumnMapping } from './column-mapping.tsx'
import { type FileShape, guessMapping, readShape, shapeBytes } from './read-columns.ts'

interface FileImportProps {
  /** Where to import to; made now, where it is new. */
  readonly findDataset: () => Promise<string>
  readonly isReady: boolean
  readonly label: string
  readonly onImporting: (task: ImportTask) => void
}

interface Chosen {
  readonly file: File
  readonly shape: FileShape | undefined
}

/** Takes a file, asks what its columns are where that is to be asked, and sends it. */
export function FileImport({ findDataset, isReady, label, onImporting }: FileImportProps) {
  const [chosen, setChosen] = useState<Chosen>()
  const [mapping, setMapping] = useState<Partial<ColumnMappingInput>>({})
  const [sent, setSent] = useState(0)
  async function choose(file: File) {
    const shape = readShape(file.name, await file.slice(0, shapeBytes).text())
    setChosen({ file, shape })
    setMapping(shape?.kind === 'columns' ? guessMapping(shape.columns) : {})
    importing.reset()
  }
  const { input } = mapping
  const needsMapping = chosen?.shape?.kind === 'columns'
  const importing = useMutation({
    mutationFn: async (file: File) =>
      uploadFile({
        datasetId: await findDataset(),
        file,
        mapping: needsMapping && input !== undefined ? { ...mapping, input } : undefined,
        onProgress: setSent,
      }),
    onSuccess: onImporting,
  })
  return (
    <Stack>
      <DropPlace onFile={choose} isBusy={importing.isPending} />
      {chosen !== undefined && (
        <Group gap="xs">
          <IconFile size={18} aria-hidden />
          <Text size="sm">
            {chosen.file.name}, {sizeText(chosen.file.size)}
          </Text>
        </Group>
      )}
      {chosen?.shape?.kind === 'columns' && (
        <ColumnMapping columns={chosen.shape.columns} mapping={mapping} onChange={setMapping} />
      )}
      {importing.isPending && (
        <Stack gap={4}>
          <Progress value={sent * 100} animated aria-label="Sent" />
          <Text size="xs" c="dimmed">
            {shareText(sent)} sent
          </Text>
        </Stack>
      )}
      {importing.isError && <FailedNote error={importing.error} title="It was not imported" />}
      <Group>
        <Button
          disabled={!isReady || chosen === undefined || (needsMapping && input === undefined)}
          loading={importing.isPending}
          onClick={() => chosen !== undefined && importing.mutate(chosen.file)}
        >
          {label}
        </Button>
      </Group>
    </Stack>
  )
}

function DropPlace({ onFile, isBusy }: { readonly onFile: (file: File) => void; readonly isBusy: boolean }) {
  return (
    <Dropzone
      onDrop={([file]) => file !== undefined && onFile(file)}
      multiple={false}
      loading={isBusy}
      inputProps={{ 'aria-label': 'A file of conversations' }}
      p="lg"
    >
      <Group justify="center" gap="md" mih={90} style={{ pointerEvents: 'none' }}>
        <Dropzone.Accept>
          <IconUpload size={32} stroke={1.5} aria-hidden />
        </Dropzone.Accept>
        <Dropzone.Reject>
          <IconX size={32} stroke={1.5} aria-hidden />
        </Dropzone.Reject>
        <Dropzone.Idle>
          <IconUpload size={32} stroke={1.5} aria-hidden />
        </Dropzone.Idle>
        <div>
          <Text fw={500}>Drop a file here, or click to choose one</Text>
          <Text size="sm" c="dimmed">
            JSON lines, JSON, CSV, TSV or Parquet, also compressed with gzip
          </Text>
        </div>
      </Group>
    </Dropzone>
  )
}
