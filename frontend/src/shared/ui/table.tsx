import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Button } from './form.tsx'

export interface Column<Row> {
  title: string
  cell: (row: Row) => ReactNode
  /** The cell that names its row. */
  head?: boolean
  /** Without a visible title, as for a column of buttons. */
  bare?: boolean
  end?: boolean
  /** Never broken where there is room for a table. */
  tight?: boolean
}

/** A native table; on a narrow screen each row becomes a card whose cells say their column. */
export function Table<Row extends { id: string }>({ caption, columns, rows, mark }: { caption: string; columns: Column<Row>[]; rows: readonly Row[]; mark?: (row: Row) => string | undefined }) {
  return (
    <div className="table">
      <table>
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((one) => <th key={one.title} scope="col" className={one.end ? 'end' : undefined}>{one.bare ? <span className="hidden">{one.title}</span> : one.title}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} data-mark={mark?.(row)}>
              {columns.map((one) => {
                const content = <>{!one.bare && !one.head && <span className="cell-title" aria-hidden="true">{one.title}</span>}<span className="cell">{one.cell(row)}</span></>
                const className = [one.end && 'end', one.tight && 'tight'].filter(Boolean).join(' ') || undefined
                return one.head ? <th key={one.title} scope="row" className={className}>{content}</th> : <td key={one.title} className={className}>{content}</td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface MoreProps {
  /** The cursor of the next page; nothing when there is none. */
  next: string | null | undefined
  to: (cursor: string) => void
  busy?: boolean
}

export function More({ next, to, busy }: MoreProps) {
  return next ? <div className="more"><Button busy={busy ?? false} onPress={() => to(next)}><Trans>Show more</Trans></Button></div> : null
}
