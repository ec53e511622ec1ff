import { z } from 'zod'
import type { StoredFile } from '../datasets/stored-file.ts'

const seconds = z.int().describe('Seconds since 1970.')

/** A file in the words of the SDKs. */
export const fileBody = z
  .object({
    id: z.uuid(),
    object: z.literal('file'),
    bytes: z.int(),
    created_at: seconds,
    filename: z.string(),
    purpose: z.string(),
    sample_type: z.enum(['instruct', 'batch_request']),
    num_lines: z.null(),
    mimetype: z.string().nullable(),
    source: z.literal('upload'),
    signature: z.null(),
    expires_at: seconds.nullable(),
    visibility: z.literal('workspace'),
  })
  .meta({ id: 'File' })

export function showFile(file: StoredFile): z.output<typeof fileBody> {
  return {
    id: file.id,
    object: 'file',
    bytes: file.sizeBytes,
    created_at: inSeconds(file.createdAt),
    filename: file.name,
    purpose: file.purpose,
    sample_type: file.purpose === 'batch' ? 'batch_request' : 'instruct',
    num_lines: null,
    mimetype: file.mediaType,
    source: 'upload',
    signature: null,
    expires_at: file.expiresAt && inSeconds(file.expiresAt),
    visibility: 'workspace',
  }
}

function inSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
