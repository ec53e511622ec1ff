import type { ConfigFile } from './config-file.ts'
import { ConfigError } from './config-setting.ts'

export interface PanelConfig {
  /** A judge names it with `panel/` in front. */
  readonly name: string
  /** As a judge could name them; each once. */
  readonly modelNames: readonly string[]
  readonly rule: { readonly options: 'majority' | 'unanimous'; readonly numbers: 'mean' | 'median' }
}

/**
 * The panels of models that the file names.
 * @throws ConfigError where a panel holds another panel, or a model twice
 */
export function readPanels(file: ConfigFile): readonly PanelConfig[] {
  if (Object.hasOwn(file.providers, 'panel')) {
    throw new ConfigError(
      'providers.panel: a judge names panels of models so. Give the provider another name.',
    )
  }
  return Object.entries(file.panels).map(([name, { models, options, numbers }]) => {
    models.forEach((model, index) => {
      const place = `panels.${name}.models[${index}]`
      if (model.startsWith('panel/')) {
        throw new ConfigError(`${place} is ${model}: a panel is made of models, not of panels.`)
      }
      if (models.indexOf(model) < index) {
        throw new ConfigError(`${place} is ${model} again: each model has one vote.`)
      }
    })
    return { name, modelNames: models, rule: { options, numbers } }
  })
}
