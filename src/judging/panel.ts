import { AssizeError } from '../errors.ts'
import type { Rule } from './decide.ts'

/** Several models that judge together. */
export interface Panel {
  /** Without `panel/`. */
  readonly name: string
  /** As a judge could name them. */
  readonly modelNames: readonly string[]
  readonly rule: Rule
}

const prefix = 'panel/'

/**
 * The panel that a judge's model name means; undefined where it means a model.
 * @throws AssizeError `model_not_served` where there is no panel of this name
 */
export function findPanel(panels: readonly Panel[], modelName: string): Panel | undefined {
  if (!modelName.startsWith(prefix)) return undefined
  const panel = panels.find(({ name }) => prefix + name === modelName)
  if (panel !== undefined) return panel
  const known = panels.map(panelModelName)
  const served = known.length === 0 ? 'none: panels are set in the YAML file' : known.join(', ')
  throw new AssizeError(
    'model_not_served',
    `model_name: there is no panel ${JSON.stringify(modelName)}. This server has ${served}.`,
  )
}

/** What a judge's `model_name` says to be judged by it. */
export function panelModelName({ name }: Panel): string {
  return prefix + name
}
