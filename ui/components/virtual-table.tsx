import { Box } from '@mantine/core'
import { keepPreviousData, type UseQueryOptions, useQueries, useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useRef } from 'react'
import { Failed, Loading } from './states.tsx'
import { type Column, tracksOf, VirtualRow } from './virtual-row.tsx'
import classes from './virtual-table.module.css'

/** How many rows a page of a table's query has. */
export const rowsPerPage = 100

/** A page of rows. */
export interface Rows<Row> {
  /** On all pages together. */
  readonly count: number
  readonly results: readonly Row[]
}

export type { Column } from './virtual-row.tsx'

interface VirtualTableProps<Row> {
  /** What the rows are, for who can't see the table. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  /** What asks for a page of `rowsPerPage` rows; pages count from 1. Its key tells these rows from others: filters belong in it. */
  // biome-ignore lint/suspicious/noExplicitAny: each query's key has a type of its own
  readonly pageQuery: (page: number) => UseQueryOptions<Rows<Row>, Error, Rows<Row>, any>
  readonly onOpen?: (row: Row, index: number) => void
  readonly isOpen?: (row: Row) => boolean
  readonly rowHeight?: number
  /** A length of CSS. */
  readonly height?: string
  readonly empty: ReactNode
}

/** Any number of rows: those that are seen are drawn, and the pages that they are on fetched. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { pageQuery, empty, label } = props
  const first = useQuery({ ...pageQuery(1), placeholderData: keepPreviousData })
  if (first.isPending) return <Loading what={label} />
  if (first.isError) return <Failed error={first.error} onRetry={() => first.refetch()} />
  if (first.data.count === 0) return empty
  return <DrawnRows {...props} count={first.data.count} />
}

function DrawnRows<Row>({ count, ...props }: VirtualTableProps<Row> & { readonly count: number }) {
  const { columns, label, rowHeight = 44, height = '60vh', onOpen, isOpen } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const items = virtualizer.getVirtualItems()
  const rowAt = useRowsOf(props, items[0]?.index ?? 0, items.at(-1)?.index ?? 0)
  return (
    <Box
      ref={scroller}
      className={classes.scroller}
      style={{ maxHeight: height }}
      tabIndex={0}
      role="table"
      aria-label={label}
      aria-rowcount={count + 1}
    >
      <div role="rowgroup" className={classes.head}>
        <div
          role="row"
          aria-rowindex={1}
          className={classes.row}
          style={{ gridTemplateColumns: tracksOf(columns) }}
        >
          {columns.map(({ header }) => (
            <div key={header} role="columnheader" className={classes.header}>
              {header}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start, key }) => {
          const row = rowAt(index)
          return (
            <VirtualRow
              key={key}
              columns={columns}
              index={index}
              row={row}
              start={start}
              height={rowHeight}
              onOpen={onOpen}
              isOpen={row !== undefined && isOpen?.(row) === true}
            />
          )
        })}
      </div>
    </Box>
  )
}

/** Gives the row at a place, once the page that it is on has come. */
function useRowsOf<Row>(
  { pageQuery }: VirtualTableProps<Row>,
  first: number,
  last: number,
): (index: number) => Row | undefined {
  const from = Math.floor(first / rowsPerPage) + 1
  const pages = Array.from({ length: Math.floor(last / rowsPerPage) + 2 - from }, (_, index) => from + index)
  const queries = useQueries({ queries: pages.map(pageQuery) })
  return (index) => queries[Math.floor(index / rowsPerPage) + 1 - from]?.data?.results[index % rowsPerPage]
}

/** A cell's text on one line, cut where it does not fit. */
export function CellText({ children, dimmed }: { readonly children: ReactNode; readonly dimmed?: boolean }) {
  return (
    <div className={classes.text} data-dimmed={dimmed || undefined}>
      {children}
    </div>
  )
}
