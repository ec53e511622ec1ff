import { sql } from 'kysely'
import type { Definition, Output } from '../judges/definition.ts'
import type { Judge, NewJudge, NewRevision } from '../judges/judge-store.ts'
import type { Revision } from '../judges/revision.ts'
import { toSearchText } from './search-text.ts'
import type { JudgeRow, RevisionRow } from './tables.ts'

/** A revision as queries read it from `judge_revisions as revision`. */
export interface RevisionColumns {
  readonly revision_id: string
  readonly judge_id: string
  readonly revision_owner_id: string
  readonly revision_created_at_ms: number
  readonly name: string
  readonly description: string
  readonly model_name: string
  readonly output: string
  readonly instructions: string
  readonly tools: string
  readonly base_revision_id: string
  readonly down_revision_id: string | null
  readonly up_revision_id: string | null
}

/** A judge at one of its revisions, as queries read it from `judges` and `judge_revisions as revision`. */
export interface JudgeColumns extends RevisionColumns {
  readonly workspace_id: string
  readonly owner_id: string
  readonly created_at_ms: number
}

/** The neighbours in the chain follow from the number: what is stored of a revision never changes. */
export const revisionColumns = sql`
  revision.id as revision_id, revision.judge_id, revision.owner_id as revision_owner_id,
  revision.created_at_ms as revision_created_at_ms, revision.name, revision.description, revision.model_name,
  revision.output, revision.instructions, revision.tools, judges.base_revision_id,
  (select id from judge_revisions as down
    where down.judge_id = revision.judge_id and down.number = revision.number - 1) as down_revision_id,
  (select id from judge_revisions as up
    where up.judge_id = revision.judge_id and up.number = revision.number + 1) as up_revision_id`

export const judgeColumns = sql`
  judges.workspace_id, judges.owner_id, judges.created_at_ms, ${revisionColumns}`

export function toJudge(row: JudgeColumns): Judge {
  return {
    id: row.judge_id,
    workspaceId: row.workspace_id,
    ownerId: row.owner_id,
    createdAt: new Date(row.created_at_ms),
    revision: toRevision(row),
  }
}

export function toRevision(row: RevisionColumns): Revision {
  return {
    id: row.revision_id,
    judgeId: row.judge_id,
    ownerId: row.revision_owner_id,
    createdAt: new Date(row.revision_created_at_ms),
    definition: {
      name: row.name,
      description: row.description,
      modelName: row.model_name,
      output: JSON.parse(row.output) as Output,
      instructions: row.instructions,
      tools: JSON.parse(row.tools) as string[],
    },
    baseRevisionId: row.base_revision_id,
    downRevisionId: row.down_revision_id,
    upRevisionId: row.up_revision_id,
  }
}

/** What a judge's row repeats of its latest revision. */
export function toSummary(
  definition: Definition,
): Pick<JudgeRow, 'name' | 'model_name' | 'output_type' | 'search_text'> {
  return {
    name: definition.name,
    model_name: definition.modelName,
    output_type: definition.output.type,
    search_text: toSearchText(definition.name, definition.description),
  }
}

export function toNewJudgeRow(judge: NewJudge): Omit<JudgeRow, 'seq'> {
  return {
    ...toSummary(judge.definition),
    id: judge.id,
    workspace_id: judge.workspaceId,
    owner_id: judge.ownerId,
    base_revision_id: judge.revisionId,
    latest_revision_id: judge.revisionId,
    created_at_ms: judge.createdAt.getTime(),
    updated_at_ms: judge.createdAt.getTime(),
    deleted_at_ms: null,
  }
}

export function toRevisionRow(revision: Omit<NewRevision, 'followsRevisionId'>, number: number): RevisionRow {
  const { definition } = revision
  return {
    id: revision.revisionId,
    judge_id: revision.judgeId,
    number,
    owner_id: revision.ownerId,
    name: definition.name,
    description: definition.description,
    model_name: definition.modelName,
    output: JSON.stringify(definition.output),
    instructions: definition.instructions,
    tools: JSON.stringify(definition.tools),
    created_at_ms: revision.createdAt.getTime(),
  }
}
