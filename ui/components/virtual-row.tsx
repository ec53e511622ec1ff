import { type KeyboardEvent, memo, type ReactNode } from 'react'
import classes from './virtual-table.module.css'

export interface Column<Row> {
  readonly header: string
  /** A track of CSS grid: `120px`, `minmax(160px, 1fr)`. */
  readonly width: string
  readonly cell: (row: Row, index: number) => ReactNode
}

interface VirtualRowProps<Row> {
  readonly columns: readonly Column<Row>[]
  readonly index: number
  /** Undefined until it has come. */
  readonly row: Row | undefined
  /** Pixels from the first row. */
  readonly start: number
  readonly height: number
  readonly onOpen: ((row: Row, index: number) => void) | undefined
  readonly isOpen: boolean
}

/** A row of a table that draws only those that are seen; scrolling draws none anew that stays in sight. */
export const VirtualRow = memo(DrawnRow) as typeof DrawnRow

function DrawnRow<Row>({ columns, index, row, start, height, onOpen, isOpen }: VirtualRowProps<Row>) {
  const open = onOpen && row !== undefined ? () => onOpen(row, index) : undefined
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={isOpen ? 'true' : undefined}
      className={classes.row}
      data-opens={open !== undefined || undefined}
      data-drawn
      style={{ gridTemplateColumns: tracksOf(columns), height, transform: `translateY(${start}px)` }}
      tabIndex={open === undefined ? undefined : 0}
      onClick={open}
      onKeyDown={open && ((event) => openByKey(event, open))}
    >
      {columns.map(({ header, cell }) => (
        <div key={header} role="cell" className={classes.cell}>
          {row === undefined ? <div className={classes.coming} /> : cell(row, index)}
        </div>
      ))}
    </div>
  )
}

export function tracksOf<Row>(columns: readonly Column<Row>[]): string {
  return columns.map(({ width }) => width).join(' ')
}

function openByKey(event: KeyboardEvent, open: () => void): void {
  if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return
  event.preventDefault()
  open()
}
