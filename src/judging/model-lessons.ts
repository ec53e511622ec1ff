/** What was learnt of how a model takes requests, kept over restarts. */
export interface ModelLesson {
  readonly provider: string
  /** The provider's own name of the model. */
  readonly modelName: string
  /** As the models wrote it: nobody else reads it. */
  readonly lesson: string
  /** When it was written. */
  readonly learntAt: Date
}

export interface LessonStore {
  list(): Promise<readonly ModelLesson[]>
  /** Replaces what was kept of that model. */
  keep(lesson: ModelLesson): Promise<void>
}
