import { type BudgetConfig, readBudgets } from './config-budgets.ts'
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
  /** How long it is kept who changed what; absent: for good. */
  readonly audit: { readonly retentionMs?: number }
  /** How long the rest is kept; absent: until somebody deletes it. */
  readonly retention: {
    /** After an import has ended. */
    readonly importsMs?: number
    /** After a file was uploaded or imported last. */
    readonly unusedFilesMs?: number
    /** After a key was revoked or has expired. */
    readonly deadKeysMs?: number
  }
  /** The first with a pattern that fits is a model's. */
  readonly prices: readonly PriceConfig[]
  /** Each holds; what is spent counts by the prices. */
  readonly budgets: readonly BudgetConfig[]
  readonly runs: {
    /** Runs that one process works on at the same time; the others wait their turn. */
    readonly atOnce: number
    /** Judgments of one run at the same time, where the run says nothing else. */
    readonly concurrency: number
    /** Judgments of all runs in one process at the same time; absent: whatever the runs ask for. */
    readonly mostInFlight?: number
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

const dayMs = 86_400_000

/** @throws ConfigError where budgets have no prices to go by */
export function readKept(file: ConfigFile): KeptConfig {
  const { judgments, audit, prices, runs, metrics, max_file_bytes } = file
  return {
    judgments: {
      areStored: judgments.store,
      keepAnalysis: judgments.keep_analysis,
      keepConversation: judgments.keep_conversation,
      ...(judgments.retention_days !== undefined && { retentionMs: judgments.retention_days * dayMs }),
    },
    audit: { ...(audit.retention_days !== undefined && { retentionMs: audit.retention_days * dayMs }) },
    retention: readRetention(file),
    prices: prices.map((price) => ({
      modelPatterns: price.models,
      inputPerMillion: price.input_per_million,
      outputPerMillion: price.output_per_million,
    })),
    budgets: readBudgets(file),
    runs: {
      atOnce: runs.at_once,
      concurrency: runs.concurrency,
      ...(runs.in_flight !== undefined && { mostInFlight: runs.in_flight }),
    },
    maxFileBytes: max_file_bytes,
    areMetricsOpen: metrics.open,
  }
}

function readRetention({ retention }: ConfigFile): KeptConfig['retention'] {
  const { imports_days, unused_files_days, dead_keys_days } = retention
  return {
    ...(imports_days !== 'never' && { importsMs: imports_days * dayMs }),
    ...(unused_files_days !== 'never' && { unusedFilesMs: unused_files_days * dayMs }),
    ...(dead_keys_days !== 'never' && { deadKeysMs: dead_keys_days * dayMs }),
  }
}
