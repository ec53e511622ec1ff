import { createRequire } from 'node:module'
import { baseUrl, concurrency, dataPath, instructions, judgeAll, outPath } from './judge-all.js'

const load = createRequire(process.argv[6])
const { createLLMAsJudge } = load('openevals')
const { OpenAI } = load('openai')

// With a client of OpenAI's SDK it does less than with a chat model of LangChain.
const judge = createLLMAsJudge({
  prompt: `${instructions}\n\n{inputs}\n\n{outputs}`,
  judge: new OpenAI({ baseURL: baseUrl, apiKey: 'key' }),
  model: 'judge-small',
})

await judgeAll(dataPath, outPath, concurrency, async (inputs, outputs) => {
  const { score, comment } = await judge({ inputs, outputs })
  return { score, analysis: comment }
})
