import type {
  Agreement,
  Judge,
  JudgeDefinitionInput,
  JudgmentRecord,
  JudgmentWithConversation,
  Run,
} from './openapi.ts'

export type { Agreement, Judge, JudgmentRecord, JudgmentWithConversation, Run }
export type Definition = JudgeDefinitionInput
/** What a judge answers with. */
export type Output = Judge['output']
export type Answer = string | number
