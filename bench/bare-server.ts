/**
 * The least that an endpoint like live judging can do: check a key, validate the body, read one row, call the
 * model, answer. It judges nothing; it is there to say what the rest of Assize costs.
 */
import { timingSafeEqual } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { fastify } from 'fastify'
import { Pool } from 'undici'
import { z } from 'zod'

const providerUrl = new URL(process.env.PROVIDER_URL ?? '')
const key = Buffer.from(`Bearer ${process.env.KEY}`)
const pool = new Pool(providerUrl.origin, { connections: 64 })
const database = new DatabaseSync(':memory:')
database.exec(
  "create table judges (id text primary key, definition text); insert into judges values ('1', '{}')",
)
const findJudge = database.prepare('select definition from judges where id = ?')
const body = z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })) })

const server = fastify()
server.post('/judge', async (request, reply) => {
  const given = Buffer.from(request.headers.authorization ?? '')
  if (given.length !== key.length || !timingSafeEqual(given, key)) return reply.status(401).send({})
  const { messages } = body.parse(request.body)
  findJudge.get('1')
  const answer = await pool.request({
    path: '/v1/chat/completions',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'judge-small', messages }),
  })
  const completion = (await answer.body.json()) as { choices: [{ message: { content: string } }] }
  return JSON.parse(completion.choices[0].message.content)
})
process.once('SIGTERM', () => process.exit(0))
process.stdout.write(`${await server.listen({ host: '127.0.0.1', port: 0 })}\n`)
