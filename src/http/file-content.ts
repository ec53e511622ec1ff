import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { StoredFile } from '../datasets/stored-file.ts'
import { type FilesServices, fileParams, filesPath } from './files.ts'
import { hasToken, originOf } from './link-requests.ts'
import { answers, type Server } from './server.ts'

const hours = 'expected one whole number of hours from 1 to 8760'

export function registerFileContent(server: Server, { access, files }: FilesServices): void {
  server.get(
    `${filesPath}/:file_id/url`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'getFileUrl',
        summary: "Make a link that leads to a file's content, without a key, for some hours",
        tags: ['files'],
        params: fileParams,
        querystring: z.object({
          expiry: z
            .string(hours)
            .regex(/^0*(?:[1-9]\d{0,3})$/, hours)
            .refine((expiry) => Number(expiry) <= 8760, hours)
            .transform(Number)
            .default(24),
        }),
        response: { 200: z.object({ url: z.url() }), ...answers(404) },
      },
    },
    async function getFileUrl(request) {
      const { file_id: id } = request.params
      const origin = originOf(request)
      const token = await files.makeLink(access.callerOf(request), id, request.query.expiry)
      return { url: `${origin}${filesPath}/${id}/content?token=${token}` }
    },
  )

  const requiresKey = access.requires('read')
  server.get(
    `${filesPath}/:file_id/content`,
    {
      onRequest: async (request) => {
        if (!hasToken(request)) await requiresKey(request)
      },
      schema: {
        operationId: 'downloadFile',
        summary: "Download a file's content",
        tags: ['files'],
        params: fileParams,
        querystring: z.object({
          token: z.string('expected one token').optional().describe('Of a link, instead of a key.'),
        }),
        response: {
          200: {
            description: 'The content',
            content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
          },
          ...answers(404),
        },
      },
    },
    async function downloadFile(request, reply) {
      const file = await contentOf(request, request.params.file_id, request.query.token)
      return reply
        .header('content-type', 'application/octet-stream')
        .header('content-length', file.sizeBytes)
        .header('content-disposition', attachmentNamed(file.name))
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'no-store')
        .send(Readable.from(files.read(file), { highWaterMark: 1 }))
    },
  )

  async function contentOf(request: FastifyRequest, id: string, token?: string): Promise<StoredFile> {
    return token === undefined
      ? await files.find(access.callerOf(request), id)
      : await files.followLink(id, token)
  }
}

/** The name in full where a client knows the newer of the two forms, and as far as it is ASCII where it doesn't. */
function attachmentNamed(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
