import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { nextPlaces } from '../../src/storage/record-stretch.ts'
import { engines } from '../support/engines.ts'
import { addDataset, recordsOf } from './dataset-world.ts'
import { createWorld } from './world.ts'

for (const engine of engines.filter(({ name }) => name === 'sqlite')) {
  describe.each([
    ['before', false],
    ['after', true],
  ])('query plans on sqlite %s it has counted its rows', (_, isAnalyzed) => {
    test('the next records are found by the index of their dataset', async () => {
      const world = await createWorld(engine)
      const { add } = recordsOf(world)
      const datasets = [await addDataset(world), await addDataset(world)]
      for (const { id } of datasets) await add(id, 300)
      if (isAnalyzed) await sql`analyze`.execute(world.database.kysely)
      const places = nextPlaces(datasets[1]?.id ?? '', { after: 310, through: 590 })
      const { rows } = await sql<{ detail: string }>`explain query plan ${places}`.execute(
        world.database.kysely,
      )
      const plan = rows.map(({ detail }) => detail)
      expect(plan).toContain(
        'SEARCH dataset_records USING INDEX records_of_dataset (dataset_id=? AND seq>? AND seq<?)',
      )
      expect(plan.filter((line) => line.startsWith('USE TEMP B-TREE'))).toEqual([])
    })
  })
}
