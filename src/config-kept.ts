import type { ConfigFile } from './config-file.ts'

/** What is kept of judgments, what they cost, and how they are made in bulk. */
export interface KeptConfig {
  readonly judgments: {
    readonly areStored: boolean
    readonly keepAnalysis: boolean
    readonly keepConversation: boolean
    /** How long a judgment that no run made is kept; absent: until it is deleted. */
    readonly retentionMs?: number
  }
  /** The first with a pattern that fits is a model's. */
  readonly prices: readonly PriceConfig[]
  readonly runs: {
    /** Runs that one process works on at the same time; the others wait their turn. */
    readonly atOnce: number
    /** Judgments of one run at the same time, where the run says nothing else. */
    readonly concurrency: number
  }
  readonly maxFileBytes: number
  /** Whether the server tells its metrics without a key. */
  readonly areMetricsOpen: boolean
}

/** What tokens of some models cost, a million of them. */
export interface PriceConfig {
  /** Of `provider/model`, with `*` for any characters. */
  readonly modelPatterns: readonly string[]
  readonly inputPerMillion: number
  readonly outputPerMillion: number
}

/** @throws nothing: the file was checked when it was read */
export function readKept({ judgments, prices, runs, metrics, max_file_bytes }: ConfigFile): KeptConfig {
  return {
    judgments: {
      areStored: judgments.store,
      keepAnalysis: judgments.keep_analysis,
      keepConversation: judgments.keep_conversation,
      ...(judgments.retention_days !== undefined && { retentionMs: judgments.retention_days * 86_400_000 }),
    },
    prices: prices.map((price) => ({
      modelPatterns: price.models,
      inputPerMillion: price.input_per_million,
      outputPerMillion: price.output_per_million,
    })),
    runs: { atOnce: runs.at_once, concurrency: runs.concurrency },
    maxFileBytes: max_file_bytes,
    areMetricsOpen: metrics.open,
  }
}
