import fastifySwagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Server } from './server.ts'

/** `/openapi.json`, made from the schemas that the routes check with, and `/docs`, a page that reads it. */
export async function registerOpenapi(server: Server, version: string): Promise<void> {
  await server.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Assize',
        version,
        description:
          "A self-hosted court for LLM outputs. It speaks the API of Mistral's observability judges.",
        license: { name: 'Apache-2.0' },
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  server.get('/openapi.json', { schema: { hide: true } }, async function openapi() {
    return server.swagger()
  })
  await server.register(scalar, { routePrefix: '/docs', configuration: { url: '/openapi.json' } })
}
