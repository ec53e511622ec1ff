import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type JSONSchema } from 'json-schema-to-typescript'
import { createAssize } from '../../src/assize.ts'
import { loadConfig } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const

type Json = Readonly<Record<string, unknown>>
type Operation = {
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: JSONSchema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema?: JSONSchema }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema?: JSONSchema }>> }>
  >
}

/** TypeScript types of what the server says in /openapi.json, in the shape that openapi-fetch reads. */
export async function makeApiTypes(): Promise<string> {
  const document = await readOpenapi()
  const schema = {
    ...objectOf(
      Object.fromEntries(Object.entries(document.paths).map(([path, item]) => [path, pathSchema(item)])),
    ),
    components: document.components,
  } as JSONSchema
  const types = await compile(schema, 'paths', {
    additionalProperties: false,
    bannerComment: "/** Written by `npm run api-types` from the server's /openapi.json. */",
    format: false,
    ignoreMinAndMaxItems: true,
    strictIndexSignatures: true,
    unknownAny: true,
  })
  // openapi-fetch tells a status as a number.
  return types
    .replace(/^(\s*)"([1-5]\d\d)": /gm, '$1$2: ')
    .replaceAll('export interface Paths ', 'export interface paths ')
}

async function readOpenapi(): Promise<{ paths: Readonly<Record<string, Json>>; components: Json }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'assize-api-types-'))
  try {
    await using assize = await createAssize(loadConfig({ ASSIZE_DATA_DIR: dataDir }, dataDir), {
      log: createLog('fatal'),
    })
    return (await assize.server.inject('/openapi.json')).json()
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

function pathSchema(item: Json): JSONSchema {
  const operations = methods.flatMap((method) => {
    const operation = item[method] as Operation | undefined
    return operation === undefined ? [] : [[method, operationSchema(operation)] as const]
  })
  return objectOf(Object.fromEntries(operations))
}

function operationSchema({ parameters = [], requestBody, responses }: Operation): JSONSchema {
  const places = Object.groupBy(parameters, (parameter) => parameter.in)
  const parameterSchemas = Object.entries(places).map(([place, some = []]) => [
    place,
    objectOf(
      Object.fromEntries(some.map(({ name, schema }) => [name, schema])),
      some.filter(({ required }) => required).map(({ name }) => name),
    ),
  ])
  const needed = Object.entries(places)
    .filter(([, some = []]) => some.some(({ required }) => required))
    .map(([place]) => place)
  return objectOf(
    {
      parameters: objectOf(Object.fromEntries(parameterSchemas), needed),
      ...(requestBody && { requestBody: objectOf({ content: contentSchema(requestBody.content) }) }),
      responses: objectOf(
        Object.fromEntries(
          Object.entries(responses).map(([status, { content = {} }]) => [
            status,
            objectOf({ content: contentSchema(content) }),
          ]),
        ),
      ),
    },
    parameters.length > 0 ? undefined : ['responses', ...(requestBody ? ['requestBody'] : [])],
  )
}

function contentSchema(content: Readonly<Record<string, { schema?: JSONSchema }>>): JSONSchema {
  return objectOf(
    Object.fromEntries(Object.entries(content).map(([type, { schema = {} }]) => [type, schema])),
  )
}

function objectOf(properties: Record<string, JSONSchema>, required = Object.keys(properties)): JSONSchema {
  return { type: 'object', properties, required, additionalProperties: false }
}
