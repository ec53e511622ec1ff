import { Pool } from 'undici'

/** The least that can be done: so many calls over kept-alive connections, and JSON in both ways. */
const [, , providerUrl = '', atOnce = '64', count = '1000'] = process.argv
const pool = new Pool(new URL(providerUrl).origin, { connections: Number(atOnce) })
const response = 'The representative offers comprehensive insurance at competitive rates. '.repeat(6)
let left = Number(count)
let done = 0
let from = { atMs: 0, cpu: 0, done: 0 }
let to = from

function mark() {
  const { user, system } = process.cpuUsage()
  return { atMs: performance.now(), cpu: (user + system) / 1000, done }
}

async function call(): Promise<void> {
  while (left > 0) {
    left -= 1
    const { body } = await pool.request({
      path: '/undici/v1/chat/completions',
      method: 'POST',
      headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'judge-small', messages: [{ role: 'user', content: response }] }),
    })
    JSON.parse(
      ((await body.json()) as { choices: [{ message: { content: string } }] }).choices[0].message.content,
    )
    done += 1
    if (done === Math.round(Number(count) * 0.25)) from = mark()
    if (done === Math.round(Number(count) * 0.9)) to = mark()
  }
}

await Promise.all(Array.from({ length: Number(atOnce) }, call))
await pool.close()
const calls = to.done - from.done
process.stdout.write(
  JSON.stringify({
    perSecond: (calls / (to.atMs - from.atMs)) * 1000,
    cpuMsEach: (to.cpu - from.cpu) / calls,
  }),
)
