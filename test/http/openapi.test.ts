import { expect, it } from 'vitest'
import { catalogue } from '../../src/errors.ts'
import { startTestAssize } from '../support/test-assize.ts'
import { documentedName, endpoints } from './endpoints.ts'

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly security?: readonly object[]
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, object>>
}

async function operations(): Promise<Map<string, Operation>> {
  const { call } = await startTestAssize()
  const { status, body } = await call('GET', '/openapi.json', { key: false })
  expect(status).toBe(200)
  return new Map(
    Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  )
}

/** Without a key; signing in asks for one in its body. */
const open = ['DELETE /session', 'GET /healthz', 'GET /readyz', 'POST /session']

it('documents every endpoint', async () => {
  expect([...(await operations()).keys()].sort()).toEqual([...endpoints.map(documentedName), ...open].sort())
})

it('gives every operation a name of its own and a summary', async () => {
  const all = [...(await operations()).values()]
  expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length)
  expect(all.every(({ summary }) => summary.length > 0)).toBe(true)
})

it('says that all but health and signing in asks for a key, or who signed in with one', async () => {
  const { call } = await startTestAssize()
  const { body } = await call('GET', '/openapi.json')
  expect(body.components.securitySchemes).toEqual({
    key: { type: 'http', scheme: 'bearer' },
    session: { type: 'apiKey', in: 'cookie', name: 'assize_session' },
  })
  expect(body.security).toEqual([{ key: [] }, { session: [] }])
  const said = [...(await operations())].filter(([, { security }]) => security?.length === 0)
  expect(said.map(([name]) => name).sort()).toEqual(open)
})

it('documents every status of an error that is about a judge', async () => {
  const documented = new Set(
    [...(await operations()).values()].flatMap(({ responses }) => Object.keys(responses)),
  )
  for (const { status } of Object.values(catalogue)) expect(documented).toContain(String(status))
})

it('describes a judge as the API takes and shows it', async () => {
  const { call } = await startTestAssize()
  const { schemas } = (await call('GET', '/openapi.json')).body.components
  expect(schemas.JudgeDefinitionInput ?? schemas.JudgeDefinition).toMatchObject({
    type: 'object',
    required: ['name', 'description', 'model_name', 'output', 'instructions', 'tools'],
    properties: {
      name: { type: 'string', minLength: 5, maxLength: 50 },
      description: { type: 'string', maxLength: 500 },
      model_name: { type: 'string', minLength: 1, maxLength: 500 },
      instructions: { type: 'string', minLength: 1, maxLength: 10_000 },
    },
  })
  expect(Object.keys(schemas)).toEqual(expect.arrayContaining(['Judge', 'Judgment', 'Error']))
  expect(schemas.Judge.required).toHaveLength(15)
})

it('refers to nothing that is not there', async () => {
  const { call } = await startTestAssize()
  const { body } = await call('GET', '/openapi.json')
  const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)]
  expect(references.length).toBeGreaterThan(0)
  for (const [, name] of references) expect(body.components.schemas).toHaveProperty(name ?? '')
})

it('has a page that reads it', async () => {
  const { call } = await startTestAssize()
  const page = await call('GET', '/docs/', { key: false })
  expect(page.status).toBe(200)
  expect(page.headers['content-type']).toMatch(/^text\/html/)
  expect(page.body).toContain('/openapi.json')
  expect(page.body).not.toMatch(/(?:src|href)="https?:/)
})
