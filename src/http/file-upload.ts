import { z } from 'zod'
import type { Files } from '../datasets/files.ts'
import { AssizeError } from '../errors.ts'
import type { Access } from './authenticate.ts'
import { explainIssues } from './explain-issues.ts'
import { fileBody, showFile } from './file-body.ts'
import { isForm, receiveForm } from './receive-upload.ts'
import { answers, type Server } from './server.ts'
import { takeAnyBody } from './take-any-body.ts'

const hours = 'expected a whole number of hours from 1 to 87600'

const formFields = z.object({
  purpose: z.string().min(1).max(100).default('fine-tune'),
  expiry: z
    .string()
    .regex(/^0*[1-9]\d{0,4}$/, hours)
    .refine((expiry) => Number(expiry) <= 87_600, hours)
    .transform(Number)
    .optional()
    .describe('Hours after which the file is deleted.'),
  visibility: z.string().default('workspace').describe('workspace, and nothing else.'),
})

/** What the OpenAPI document says of the form. */
const uploadForm = formFields.extend({ file: z.unknown().meta({ type: 'string', format: 'binary' }) })

export function registerFileUpload(
  server: Server,
  { access, files }: { readonly access: Access; readonly files: Files },
): void {
  takeAnyBody(server)

  server.post(
    '/v1/files',
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'uploadFile',
        summary: 'Upload a file',
        tags: ['files'],
        consumes: ['multipart/form-data'],
        body: uploadForm,
        response: { 200: fileBody, ...answers(400) },
      },
    },
    async function uploadFile(request) {
      if (!isForm(request)) {
        throw new AssizeError(
          'request_invalid',
          'The body has another type; expected "Content-Type: multipart/form-data" with the file in the field "file".',
        )
      }
      const caller = access.callerOf(request)
      const { fileId, name, mediaType, fields } = await receiveForm(request, (bytes) =>
        files.receive(caller, bytes),
      )
      try {
        const { purpose, expiry = null } = readFields(fields)
        const facts = { name: name ?? 'upload', purpose, mediaType }
        return showFile(await files.finish(fileId, facts, expiry))
      } catch (error) {
        await files.abandon(fileId)
        throw error
      }
    },
  )
}

function readFields(fields: Readonly<Record<string, string>>): z.output<typeof formFields> {
  const read = formFields.safeParse(fields, { reportInput: true })
  if (!read.success) throw new AssizeError('request_invalid', explainIssues('body', read.error.issues))
  if (read.data.visibility === 'workspace') return read.data
  throw new AssizeError(
    'feature_not_supported',
    `visibility is ${JSON.stringify(read.data.visibility.slice(0, 50))}; expected "workspace": this server has no files that only their owner sees.`,
  )
}
