import { createRequire } from 'node:module'
import { baseUrl, concurrency, dataPath, instructions, judgeAll, outPath } from './judge-all.js'

const load = createRequire(process.argv[6])
const { LLMClassifierFromTemplate } = load('autoevals')
const { OpenAI } = load('openai')

const client = new OpenAI({ baseURL: baseUrl, apiKey: 'key' })
const classify = LLMClassifierFromTemplate({
  name: 'Benchmark',
  promptTemplate: `${instructions}\n\n{{input}}\n\n{{output}}`,
  choiceScores: { yes: 1, no: 0 },
  model: 'judge-small',
  useCoT: true,
})

await judgeAll(dataPath, outPath, concurrency, async (input, output) => {
  const { score, metadata } = await classify({ input, output, client })
  return { score, analysis: metadata.rationale }
})
