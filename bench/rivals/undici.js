/** The least that can be done: the same calls over kept-alive connections, and JSON in both ways. */
import { Pool } from 'undici'
import { baseUrl, concurrency, dataPath, instructions, judgeAll, outPath } from './judge-all.js'

const url = new URL(baseUrl)
const pool = new Pool(url.origin, { connections: concurrency })
const schema = {
  type: 'object',
  properties: { analysis: { type: 'string' }, answer: { type: 'string', enum: ['yes', 'no'] } },
  required: ['analysis', 'answer'],
  additionalProperties: false,
}

await judgeAll(dataPath, outPath, concurrency, async (question, response) => {
  const { body } = await pool.request({
    path: `${url.pathname}/chat/completions`,
    method: 'POST',
    headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'judge-small',
      messages: [
        { role: 'system', content: `${instructions} Answer with JSON: an analysis, and "yes" or "no".` },
        { role: 'user', content: `${question}\n\n${response}` },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'judgment', schema } },
    }),
  })
  const { choices } = await body.json()
  return JSON.parse(choices[0].message.content)
})
await pool.close()
