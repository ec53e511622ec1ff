import { z } from 'zod'
import type { Imports, UploadFacts } from '../datasets/imports.ts'
import { rowMediaTypes } from '../datasets/rows/row-format.ts'
import { AssizeError } from '../errors.ts'
import { text } from '../judges/definition-document.ts'
import type { Access } from './authenticate.ts'
import { datasetParams, datasetsPath } from './datasets.ts'
import { explainIssues } from './explain-issues.ts'
import { formatBody, mappingBody, showTask, taskBody, toHowToRead } from './import-body.ts'
import { isForm, type Received, receiveBody, receiveForm } from './receive-upload.ts'
import { answers, type Server } from './server.ts'
import { takeAnyBody } from './take-any-body.ts'

/** Types that say nothing of the format, which the content then says. */
const otherMediaTypes = ['application/octet-stream', 'application/gzip', 'application/x-gzip', 'text/plain']

const mappingText = z
  .string()
  .transform((json, context): unknown => {
    try {
      return JSON.parse(json)
    } catch {
      context.issues.push({ code: 'custom', message: 'expected a mapping as JSON', input: json })
      return z.NEVER
    }
  })
  .pipe(mappingBody)
  .describe('As JSON: which field is the input, and which the output.')

const choices = {
  format: formatBody.optional(),
  mapping: mappingText.optional(),
}

const uploadQuery = z.object({
  ...choices,
  name: text(1, 500).optional().describe('Of the file, where it is the body itself.'),
})

const formFields = z.object(choices)

/** What the OpenAPI document says of the form. */
const uploadForm = z.object({
  file: z.unknown().meta({ type: 'string', format: 'binary' }),
  format: formatBody.optional(),
  mapping: z.string().optional(),
})

interface ImportUploadServices {
  readonly access: Access
  readonly imports: Imports
}

export function registerImportUpload(server: Server, { access, imports }: ImportUploadServices): void {
  takeAnyBody(server)

  server.post(
    `${datasetsPath}/:dataset_id/imports/upload`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'importUpload',
        summary: 'Upload a file and import it',
        description: `The file is a part of the form, or the body itself with one of the types ${rowMediaTypes.join(', ')}.`,
        tags: ['imports'],
        consumes: ['multipart/form-data'],
        params: datasetParams,
        querystring: uploadQuery,
        body: uploadForm,
        response: { 202: taskBody, ...answers(404) },
      },
    },
    async function importUpload(request, reply) {
      const { query } = request
      if (!isForm(request)) checkMediaType(request.headers['content-type'])
      const caller = access.callerOf(request)
      const task = await imports.fromUpload(caller, request.params.dataset_id, async (keep) => {
        const received = isForm(request) ? await receiveForm(request, keep) : await receiveBody(request, keep)
        return { fileId: received.fileId, ...factsOf(received, query) }
      })
      return reply.status(202).send(showTask(task))
    },
  )
}

function checkMediaType(contentType = 'none'): void {
  const [type = ''] = contentType.toLowerCase().split(';')
  if ([...rowMediaTypes, ...otherMediaTypes].includes(type.trim())) return
  throw new AssizeError(
    'request_invalid',
    `The body's type is ${JSON.stringify(contentType.slice(0, 100))}; expected "Content-Type: multipart/form-data" with the file in the field "file", or one of ${rowMediaTypes.join(', ')}.`,
  )
}

function factsOf({ name, mediaType, fields }: Received, query: z.output<typeof uploadQuery>): UploadFacts {
  const read = formFields.safeParse(fields, { reportInput: true })
  if (!read.success) throw new AssizeError('request_invalid', explainIssues('body', read.error.issues))
  const { format = query.format, mapping = query.mapping } = read.data
  return { name: name ?? query.name ?? 'upload', mediaType, ...toHowToRead(format, mapping) }
}
