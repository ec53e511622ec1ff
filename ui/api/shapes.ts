import type {
  Agreement,
  JudgeDefinitionInput,
  Judgment,
  JudgmentRecord,
  JudgmentWithConversation,
  LastRun,
  Revision,
  Run,
  Dataset as WrittenDataset,
  ImportTask as WrittenImportTask,
  Judge as WrittenJudge,
  Record as WrittenRecord,
  JudgeTemplate as WrittenTemplate,
} from './openapi.ts'

export type { Agreement, Judgment, JudgmentRecord, JudgmentWithConversation, Revision, Run }

// The client leaves out what is always null.
export type Judge = Omit<WrittenJudge, 'deleted_at'>
/** A judge with what it did lately. */
export interface ActiveJudge {
  readonly judge: Judge
  readonly last_run: LastRun | null
}

export type Dataset = Omit<WrittenDataset, 'deleted_at'>
export type ImportTask = Omit<WrittenImportTask, 'deleted_at'>
export type DatasetRecord = Omit<WrittenRecord, 'deleted_at' | 'required' | 'additionalProperties'>

/** A definition without a model, and a conversation that shows what it is for. */
export interface JudgeTemplate extends Pick<WrittenTemplate, 'id' | 'definition'> {
  readonly example: Material
}

export type Definition = JudgeDefinitionInput
/** What a judge answers with. */
export type Output = Judge['output']
export type Answer = string | number

/** What is judged. */
export interface Material {
  readonly messages: readonly unknown[]
  readonly properties?: Readonly<Record<string, unknown>> | null
}
