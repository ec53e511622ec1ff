import type { Migration } from 'kysely/migration'
import type { Engine } from '../engines.ts'
import { init } from './001-init.ts'
import { trust } from './002-trust.ts'
import { tools } from './003-tools.ts'
import { runs } from './004-runs.ts'
import { labels } from './005-labels.ts'
import { processes } from './006-processes.ts'
import { accounts } from './007-accounts.ts'
import { traces } from './008-traces.ts'
import { sessions } from './009-sessions.ts'
import { labelCounts } from './010-label-counts.ts'
import { audit } from './011-audit.ts'
import { runAnswers } from './012-run-answers.ts'
import { priorities } from './013-priorities.ts'

/** Every migration by name, in the order of their names; one that was released is never changed. */
export function migrationsFor(engine: Engine): Record<string, Migration> {
  return {
    '001-init': init(engine),
    '002-trust': trust(),
    '003-tools': tools(),
    '004-runs': runs(engine),
    '005-labels': labels(engine),
    '006-processes': processes(),
    '007-accounts': accounts(engine),
    '008-traces': traces(),
    '009-sessions': sessions(engine),
    '010-label-counts': labelCounts(),
    '011-audit': audit(engine),
    '012-run-answers': runAnswers(engine),
    '013-priorities': priorities(),
  }
}
