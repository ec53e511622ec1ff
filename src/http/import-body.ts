import { z } from 'zod'
import type { ColumnMapping } from '../datasets/forms/column-mapping.ts'
import type { ImportTask } from '../datasets/import-task.ts'
import type { HowToRead } from '../datasets/imports.ts'
import { rowFormats } from '../datasets/rows/row-format.ts'
import { text } from '../judges/definition-document.ts'

const field = text(1, 1000)
const fields = z.array(field).max(1000)

export const mappingBody = z
  .strictObject({
    input: field.describe('The field with what the user says.'),
    context: field.nullish().describe('A field that is added to it, a line below.'),
    output: field.nullish().describe('The field with what the assistant answers.'),
    system: field.nullish().describe('The field with the system message.'),
    properties: fields
      .nullish()
      .describe('The fields that become properties; else all others but id, label and labels.'),
    json: fields.nullish().describe('Fields that hold JSON as text.'),
  })
  .meta({ id: 'ColumnMapping' })

export const formatBody = z
  .enum(rowFormats)
  .describe("Else as the file's name, its media type or its content says.")

export function toHowToRead(
  format: HowToRead['format'] | undefined,
  mapping: MappingBody | null | undefined,
): HowToRead {
  return { format: format ?? null, mapping: mapping ? toMapping(mapping) : null }
}

type MappingBody = z.output<typeof mappingBody>

function toMapping({ input, ...optional }: MappingBody): ColumnMapping {
  const given = Object.entries(optional).filter(([, value]) => value !== null && value !== undefined)
  return { input, ...Object.fromEntries(given) }
}

const id = z.uuid()
const lines = z.int()

/** An import in the words of the SDKs, with its counts. */
export const taskBody = z
  .object({
    id,
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    deleted_at: z.null(),
    creator_id: id,
    dataset_id: id,
    workspace_id: id,
    status: z.enum(['RUNNING', 'COMPLETED', 'FAILED', 'CANCELED']),
    progress: z.int().nullable().describe('Percent.'),
    message: z.string().nullable().describe('What was found, or why it failed.'),
    lines_read: lines.describe('Lines, or rows, that are done with.'),
    lines_taken: lines.describe('Those that became records.'),
    lines_refused: lines.describe('Those that did not: .../refusals says why.'),
  })
  .meta({ id: 'ImportTask' })

export function showTask(task: ImportTask): z.output<typeof taskBody> {
  return {
    id: task.id,
    created_at: task.createdAt.toISOString(),
    updated_at: task.updatedAt.toISOString(),
    deleted_at: null,
    creator_id: task.creatorId,
    dataset_id: task.datasetId,
    workspace_id: task.workspaceId,
    status: task.status,
    progress: task.progress,
    message: task.message,
    lines_read: task.linesRead,
    lines_taken: task.linesTaken,
    lines_refused: task.linesRefused,
  }
}
