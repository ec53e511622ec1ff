/// <reference lib="esnext.disposable" preserve="true" />
import { shareJudging } from './assize-library.ts'
import { type Config, ConfigError, type ConfigSettings, loadConfig } from './config.ts'
import { AssizeError, type Situation } from './errors.ts'
import type { Definition } from './judges/definition.ts'
import type { Distribution } from './judging/distribution.ts'
import type { Flag } from './judging/flags.ts'
import type { Account, Outcome, Poll } from './judging/judgment.ts'
import {
  type JudgeDefinition,
  type JudgeOutput,
  readDefinition,
  readDefinitionFile,
} from './library-definition.ts'
import {
  type Conversation,
  type Judge,
  type Judged,
  type JudgingManyOptions,
  type JudgingOptions,
  judgeOver,
} from './library-judge.ts'
import type { Answered, AnswerOf, Judgment, NotAnswered } from './library-judgment.ts'

export type {
  Account,
  Answered,
  AnswerOf,
  ConfigSettings,
  Conversation,
  Distribution,
  Flag,
  Judge,
  JudgeDefinition,
  Judged,
  JudgeOutput,
  JudgingManyOptions,
  JudgingOptions,
  Judgment,
  NotAnswered,
  Outcome,
  Poll,
  Situation,
}
export { AssizeError, ConfigError }

export interface JudgeSettings {
  /** A YAML file of settings, or what would stand in it; unless given, the file that ASSIZE_CONFIG names, if any. */
  readonly config?: string | ConfigSettings
  /** Instead of the process's own environment: the keys of providers, and all that docs/configuration.md lists. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * Makes a judge that judges in this process, without server or database. To dispose of it closes its connections and
 * lets go of a local model; a program can end without.
 * @throws AssizeError `request_invalid`, `template_syntax`, `model_not_served`; ConfigError
 * @example
 * const judge = await createJudge({
 *   model: 'mistral-small-latest',
 *   instructions: 'Is the response polite?',
 *   output: { options: [{ value: 'polite', description: 'It is.' }, { value: 'rude', description: 'It is not.' }] },
 * })
 * const { outcome, answer, analysis } = await judge(messages) // answer: 'polite' | 'rude' | undefined
 */
export async function createJudge<const Output extends JudgeOutput>(
  definition: JudgeDefinition<Output>,
  settings: JudgeSettings = {},
): Promise<Judge<AnswerOf<Output>>> {
  return open(readDefinition(definition), settings)
}

/**
 * Makes a judge of a YAML or JSON file, as `assize judge` and `assize judges` know it.
 * @throws AssizeError `request_invalid`, which names the file; what `createJudge` throws
 * @example await using judge = await openJudge('judges/politeness.yaml')
 */
export async function openJudge(path: string, settings: JudgeSettings = {}): Promise<Judge> {
  return open(await readDefinitionFile(path), settings)
}

async function open<Answer extends string | number>(
  definition: Definition,
  settings: JudgeSettings,
): Promise<Judge<Answer>> {
  await using opening = new AsyncDisposableStack()
  const judge = judgeOver<Answer>(definition, opening.use(shareJudging(readSettings(settings))))
  // The judge closes it from here on.
  opening.move()
  return judge
}

function readSettings({ config, env = process.env }: JudgeSettings): Config {
  if (typeof config === 'object') return loadConfig(env, process.cwd(), config)
  return loadConfig(config === undefined ? env : { ...env, ASSIZE_CONFIG: config }, process.cwd())
}
