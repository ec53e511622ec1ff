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
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'assize_session' },
        },
      },
      security: [{ key: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  })
  server.get('/openapi.json', { schema: { hide: true } }, async function openapi() {
    return server.swagger()
  })
  await server.register(scalar, {
    routePrefix: '/docs',
    hooks: {
      onRequest: (_request, reply, done) => {
        reply.header('content-security-policy', onlyThisServer)
        done()
      },
    },
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Assize API',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
      proxyUrl: '',
    },
  })
}

/** The page's library would fetch fonts and offer services from elsewhere. */
const onlyThisServer =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'; object-src 'none'; base-uri 'none'"

type Document = ReturnType<typeof jsonSchemaTransformObject>
type OpenapiObject = Document & {
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> }
}

/** Each named schema is written twice, as it is read and as it is sent; most are used in one way only. */
function withoutUnused(document: Document): Document {
  const { components: { schemas = {}, ...components } = {}, ...rest } = document as OpenapiObject
  const used = new Set<string>()
  const look = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue
      used.add(name)
      look(schemas[name])
    }
  }
  look(rest)
  const kept = Object.entries(schemas).filter(([name]) => used.has(name))
  return { ...rest, components: { ...components, schemas: Object.fromEntries(kept) } } as Document
}
