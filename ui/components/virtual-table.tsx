import { Box, Skeleton, Text } from '@mantine/core'
import { keepPreviousData, type UseQueryOptions, useQueries, useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { Failed, Loading } from './states.tsx'
import classes from './virtual-table.module.css'

/** How many rows a page of a table's query has. */
export const rowsPerPage = 100

/** A page of rows. */
export interface Rows<Row> {
  /** On all pages together. */
  readonly count: number
  readonly results: readonly Row[]
}

export interface Column<Row> {
  readonly header: string
  /** A track of CSS grid: `120px`, `minmax(160px, 1fr)`. */
  readonly width: string
  readonly cell: (row: Row, index: number) => ReactNode
}

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
  const template = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') }
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
        <div role="row" aria-rowindex={1} className={classes.row} style={template}>
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
          const open = onOpen && row !== undefined ? () => onOpen(row, index) : undefined
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              aria-current={row !== undefined && isOpen?.(row) ? 'true' : undefined}
              className={classes.row}
              data-opens={open !== undefined || undefined}
              style={{
                ...template,
                height: rowHeight,
                transform: `translateY(${start}px)`,
                position: 'absolute',
              }}
              tabIndex={open === undefined ? undefined : 0}
              onClick={open}
              onKeyDown={open && ((event) => openByKey(event, open))}
            >
              {columns.map(({ header, cell }) => (
                <div key={header} role="cell" className={classes.cell}>
                  {row === undefined ? <Skeleton height={14} width="70%" /> : cell(row, index)}
                </div>
              ))}
            </div>
          )
        })}
      </div>
    </Box>
  )
}

function openByKey(event: KeyboardEvent, open: () => void): void {
  if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return
  event.preventDefault()
  open()
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
    <Text size="sm" truncate c={dimmed ? 'dimmed' : undefined}>
      {children}
    </Text>
  )
}
