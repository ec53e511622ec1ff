import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type CatalogueModel, modelCatalogue } from './catalogue.ts'

/** A model of the catalogue, or a GGUF file that someone put into the models folder. */
export interface LocalModelState {
  readonly name: string
  readonly title: string
  readonly file: string
  readonly sizeBytes: number
  /** False when the size is only about right. */
  readonly isSizeExact: boolean
  readonly licence: string | undefined
  readonly contextTokens: number | undefined
  readonly purpose: CatalogueModel['purpose'] | undefined
  readonly downloadedAt: Date | undefined
}

/** The folder that local models are kept in. */
export function modelsFolder(dataDir: string): string {
  return join(dataDir, 'models')
}

/** The catalogue, then the other GGUF files of the models folder, downloaded or not. */
export function takeInventory(folder: string): LocalModelState[] {
  const known = modelCatalogue.map((model) => stateOf(folder, model.file, model))
  const files = existsSync(folder) ? readdirSync(folder) : []
  const others = files
    .filter((file) => ending.test(file) && modelCatalogue.every((model) => model.file !== file))
    .toSorted()
  return [...known, ...others.map((file) => stateOf(folder, file, undefined))]
}

/** @param name the name of a model or of its file, whatever its case */
export function findInInventory(
  inventory: readonly LocalModelState[],
  name: string,
): LocalModelState | undefined {
  const wanted = name.toLowerCase().replace(ending, '')
  const isWanted = (candidate: string): boolean => candidate.toLowerCase().replace(ending, '') === wanted
  return inventory.find((model) => isWanted(model.name)) ?? inventory.find((model) => isWanted(model.file))
}

const ending = /\.gguf$/i

function stateOf(folder: string, file: string, known: CatalogueModel | undefined): LocalModelState {
  const found = statSync(join(folder, file), { throwIfNoEntry: false })
  const baseName = file.replace(ending, '')
  return {
    name: known?.name ?? baseName,
    title: known?.title ?? baseName,
    file,
    sizeBytes: found?.size ?? known?.sizeBytes ?? 0,
    isSizeExact: found !== undefined || known?.isSizeExact === true,
    licence: known?.licence,
    contextTokens: known?.contextTokens,
    purpose: known?.purpose,
    downloadedAt: found?.mtime,
  }
}
