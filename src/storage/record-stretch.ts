import { type RawBuilder, sql } from 'kysely'
import type { Stretch } from '../datasets/dataset-store.ts'

/** What is read or removed at once: SQLite works in the process and keeps everything else waiting meanwhile. */
const most = { records: 200, bytes: 500_000 }

/**
 * A query for the places, as `seq`, of the records to go on with: as many as make little work together, and at least
 * one. It reads sizes, and no payload.
 */
export function nextPlaces(datasetId: string, { after, through }: Stretch): RawBuilder<unknown> {
  return sql`
    select seq from (
      select seq, sum(bytes) over (order by seq rows unbounded preceding) - bytes as bytes_before from (
        select seq, octet_length(payload) + octet_length(properties) as bytes from dataset_records
        where dataset_id = ${datasetId} and seq > ${after} and seq <= ${through}
        order by seq limit ${most.records}
      ) as sized
    ) as summed
    where bytes_before < ${most.bytes}`
}
