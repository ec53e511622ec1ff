import { Mistral } from '@mistralai/mistralai'
import type { CreateJudgeRequest } from '@mistralai/mistralai/models/components'
import type { ListeningAssize } from './listening-assize.ts'

export const approval = {
  name: 'Approval',
  description: 'Whether it is fine.',
  modelName: 'approves',
  output: {
    type: 'CLASSIFICATION',
    options: [
      { value: 'approved', description: 'It is fine.' },
      { value: 'rejected', description: 'It is not.' },
    ],
  },
  instructions: 'Is it fine?',
  tools: [],
} as const satisfies DeepReadonly<CreateJudgeRequest>

export const helpfulness = {
  ...approval,
  name: 'Helpfulness',
  modelName: 'scores',
  output: { type: 'REGRESSION', min: 1, minDescription: 'useless', max: 5, maxDescription: 'all one needs' },
  instructions: 'How helpful is {{ assistant_message }}?',
} as const satisfies DeepReadonly<CreateJudgeRequest>

export type DeepReadonly<T> = { readonly [Key in keyof T]: DeepReadonly<T[Key]> }

export const conversation = {
  messages: [
    { role: 'user', content: 'What is the capital of France?' },
    { role: 'assistant', content: 'Paris.' },
  ],
}

export function definition(changes: DeepReadonly<Partial<CreateJudgeRequest>> = {}): CreateJudgeRequest {
  return structuredClone({ ...approval, ...changes }) as CreateJudgeRequest
}

export function clientOf({ url, key }: ListeningAssize, apiKey = key): Mistral {
  return new Mistral({ serverURL: url, apiKey })
}
