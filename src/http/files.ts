import { z } from 'zod'
import type { FileQuery } from '../datasets/file-store.ts'
import type { Files } from '../datasets/files.ts'
import { text } from '../judges/definition-document.ts'
import type { Access } from './authenticate.ts'
import { fileBody, showFile } from './file-body.ts'
import { uuid } from './ids.ts'
import { anyOf, searchText } from './pages.ts'
import { answers, type Server } from './server.ts'

export const filesPath = '/v1/files'

export const fileParams = z.object({ file_id: uuid })

const pages = 'expected one whole number from 0'
const pageSizes = 'expected one whole number from 0 to 1000'

const listQuery = z.object({
  page: z
    .string(pages)
    .regex(/^\d{1,9}$/, pages)
    .transform(Number)
    .default(0),
  page_size: z
    .string(pageSizes)
    .regex(/^0*(?:1000|\d{1,3})$/, pageSizes)
    .transform(Number)
    .default(100),
  include_total: z
    .stringbool('expected true or false')
    .default(true)
    .describe('Without it, `total` is null.'),
  sample_type: anyOf(text(1, 100)),
  source: anyOf(text(1, 100)),
  search: searchText.optional().describe('A part of the name, whatever its case.'),
  purpose: text(1, 100).optional(),
  mimetypes: anyOf(text(1, 200)),
})

const listBody = z.object({ data: z.array(fileBody), object: z.literal('list'), total: z.int().nullable() })

const deletedBody = z.object({ id: z.uuid(), object: z.literal('file'), deleted: z.literal(true) })

export interface FilesServices {
  readonly access: Access
  readonly files: Files
}

/** What is known of files, as far as the SDKs ask; they come by `file-upload.ts` and go out by `file-content.ts`. */
export function registerFiles(server: Server, { access, files }: FilesServices): void {
  server.get(
    filesPath,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listFiles',
        summary: 'List files, newest first',
        tags: ['files'],
        querystring: listQuery,
        response: { 200: listBody, ...answers() },
      },
    },
    async function listFiles(request) {
      const { include_total: includesTotal } = request.query
      const query = toFileQuery(request.query)
      const { items, count } = query
        ? await files.list(access.callerOf(request), query)
        : { items: [], count: 0 }
      return { data: items.map(showFile), object: 'list' as const, total: includesTotal ? count : null }
    },
  )

  server.get(
    `${filesPath}/:file_id`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchFile',
        summary: 'Fetch what is known of a file',
        tags: ['files'],
        params: fileParams,
        response: { 200: fileBody.extend({ deleted: z.literal(false) }), ...answers(404) },
      },
    },
    async function fetchFile(request) {
      const file = await files.find(access.callerOf(request), request.params.file_id)
      return { ...showFile(file), deleted: false as const }
    },
  )

  server.delete(
    `${filesPath}/:file_id`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'deleteFile',
        summary: 'Delete a file',
        tags: ['files'],
        params: fileParams,
        response: { 200: deletedBody, ...answers(404) },
      },
    },
    async function deleteFile(request) {
      const { file_id: id } = request.params
      await files.remove(access.callerOf(request), id)
      return { id, object: 'file' as const, deleted: true as const }
    },
  )
}

/** Undefined where nothing can be found: every file here was uploaded, and is a batch or is not. */
function toFileQuery(query: z.output<typeof listQuery>): FileQuery | undefined {
  const { page, page_size: pageSize, sample_type: types, source, search, purpose, mimetypes } = query
  if (source !== undefined && !source.includes('upload')) return undefined
  const wantsBatches = types?.includes('batch_request') ?? true
  const wantsOthers = types?.includes('instruct') ?? true
  if (!wantsBatches && !wantsOthers) return undefined
  if (!wantsOthers && purpose !== undefined && purpose !== 'batch') return undefined
  return {
    page,
    pageSize,
    ...(search ? { text: search } : {}),
    ...(purpose !== undefined && { purpose }),
    ...(!wantsOthers && { purpose: 'batch' }),
    ...(!wantsBatches && { purposeIsNot: 'batch' }),
    ...(mimetypes !== undefined && { mediaTypes: mimetypes }),
  }
}
