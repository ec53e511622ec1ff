import type { LessonStore, ModelLesson } from '../judging/model-lessons.ts'
import type { Database } from './open-database.ts'

/** What was learnt of models, in the database: one row a model. */
export class LessonRows implements LessonStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list(): Promise<readonly ModelLesson[]> {
    const rows = await this.#database.kysely.selectFrom('model_lessons').selectAll().execute()
    return rows.map((row) => ({
      provider: row.provider,
      modelName: row.model_name,
      lesson: row.lesson,
      learntAt: new Date(row.learnt_at_ms),
    }))
  }

  async keep({ provider, modelName, lesson, learntAt }: ModelLesson): Promise<void> {
    const learnt = { lesson, learnt_at_ms: learntAt.getTime() }
    await this.#database.kysely
      .insertInto('model_lessons')
      .values({ provider, model_name: modelName, ...learnt })
      .onConflict((conflict) => conflict.columns(['provider', 'model_name']).doUpdateSet(learnt))
      .execute()
  }
}
