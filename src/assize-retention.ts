import { pause } from './assize-pause.ts'
import type { Config } from './config.ts'
import { type Chore, keepRetention } from './judging/retention.ts'
import type { Logger } from './log.ts'
import { JudgmentRows } from './storage/judgment-rows.ts'
import type { Database } from './storage/open-database.ts'
import {
  removeDeadKeys,
  removeExpiredLinks,
  removeOldAudit,
  removeOldImports,
  removeUnusedFiles,
} from './storage/remove-old.ts'

/** Deletes what the settings say was kept long enough, until it is disposed of. */
export function startRetention(
  database: Database,
  log: Logger,
  config: Pick<Config, 'judgments' | 'audit' | 'retention'>,
  now: () => Date,
): AsyncDisposable {
  const stop = new AbortController()
  const working = keepRetention(
    {
      chores: choresOf(database, config, now),
      now,
      sleep: pause,
      onRemoved: (what, count) => log.info({ count }, `deleted the ${what} that were kept long enough`),
      onFailed: (what, err) =>
        log.warn({ err }, `${what} that were kept long enough could not be deleted yet`),
    },
    stop.signal,
  )
  return {
    [Symbol.asyncDispose]: () => {
      stop.abort()
      return working
    },
  }
}

function choresOf(
  database: Database,
  { judgments, audit, retention }: Pick<Config, 'judgments' | 'audit' | 'retention'>,
  now: () => Date,
): readonly Chore[] {
  const store = new JudgmentRows(database)
  const kept: readonly (Omit<Chore, 'keptMs'> & { readonly keptMs: number | undefined })[] = [
    {
      what: 'judgments',
      keptMs: judgments.retentionMs,
      removeOlder: (before, stop) => store.removeOlder(before, undefined, stop),
    },
    {
      what: 'imports',
      keptMs: retention.importsMs,
      removeOlder: (before, stop) => removeOldImports(database, before, stop),
    },
    {
      what: 'unused files',
      keptMs: retention.unusedFilesMs,
      removeOlder: (before) => removeUnusedFiles(database, before, now()),
    },
    {
      what: 'dead keys',
      keptMs: retention.deadKeysMs,
      removeOlder: (before, stop) => removeDeadKeys(database, before, stop),
    },
    {
      what: 'audit entries',
      keptMs: audit.retentionMs,
      removeOlder: (before, stop) => removeOldAudit(database, before, stop),
    },
    {
      what: 'expired links',
      keptMs: 0,
      removeOlder: (before) => removeExpiredLinks(database, before),
    },
  ]
  return kept.filter((chore): chore is Chore => chore.keptMs !== undefined)
}
