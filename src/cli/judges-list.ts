import { fromDefinition } from '../judges/definition-document.ts'
import type { Io } from './commands.ts'
import type { JudgeSource } from './judges-source.ts'
import { table } from './table.ts'
import { visibleText } from './visible-text.ts'

/** Lists the judges that are saved, by name. */
export async function listJudges(source: JudgeSource, asJson: boolean, io: Io): Promise<number> {
  const { judges } = await source.list()
  if (asJson) {
    const shown = judges.map(({ id, definition, updatedAt }) => ({
      id,
      updated_at: updatedAt.toISOString(),
      ...fromDefinition(definition),
    }))
    io.stdout.write(`${JSON.stringify(shown, null, 2)}\n`)
    return 0
  }
  const rows = judges.map(({ id, definition: { name, output, modelName }, updatedAt }) =>
    [name, output.type, modelName, updatedAt.toISOString(), id].map(visibleText),
  )
  io.stdout.write(table([['NAME', 'OUTPUT', 'MODEL', 'UPDATED', 'ID'], ...rows]))
  return 0
}
