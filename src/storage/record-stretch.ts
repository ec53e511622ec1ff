import { type RawBuilder, sql } from 'kysely'
import type { Stretch } from '../datasets/dataset-store.ts'

interface Most {
  readonly records: number
  readonly bytes: number
}

/** What is read at once: SQLite works in the process and keeps everything else waiting meanwhile. */
const mostRead: Most = { records: 200, bytes: 500_000 }

/** What is removed at once: less, for it changes indexes too, and waits for the disk. */
export const mostRemoved: Most = { records: 100, bytes: 250_000 }

/**
 * A query for the places, as `seq`, of the records to go on with: as many as make little work together, and at least
 * one. It reads sizes, and no payload.
 */
export function nextPlaces(
  datasetId: string,
  { after, through }: Stretch,
  most = mostRead,
): RawBuilder<unknown> {
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
