import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import type { Server } from './bare-server.ts'

/** The addresses that the page itself knows; all others stay errors that programs can read. */
const addresses = ['/', ...['sign-in', 'judges', 'datasets', 'runs', 'trust', 'settings'].flatMap(both)]

function both(part: string): [string, string] {
  return [`/${part}`, `/${part}/*`]
}

const notBuilt =
  'The page is not built: "npm run page" builds it. The API answers all the same; /docs describes it.\n'

/** The page: its files, kept by browsers for as long as they like since their names change, and the document around them. */
export async function registerPage(server: Server, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    for (const url of addresses) {
      server.get(url, { schema: { hide: true } }, async (_request, reply) =>
        reply.status(503).type('text/plain; charset=utf-8').send(notBuilt),
      )
    }
    return
  }
  await server.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    wildcard: false,
    index: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      const isNamedByContent = path.startsWith(join(folder, 'assets'))
      reply.header('cache-control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  for (const url of addresses) {
    server.get(url, { schema: { hide: true } }, async function page(_request, reply: FastifyReply) {
      return reply.sendFile('index.html')
    })
  }
}
