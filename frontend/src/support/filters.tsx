import { useLingui } from '@lingui/react/macro'
import { type PropsWithChildren, useId } from 'react'

/** What a list is filtered by: each choice is at once in the address. */
export function Filters({ children }: PropsWithChildren) {
  const { t } = useLingui()
  return <form className="filters" role="search" aria-label={t`Filter`} onSubmit={(event) => event.preventDefault()}>{children}</form>
}

export function Filter({ label, options, value, choose }: { label: string; options: [string, string][]; value: string | undefined; choose: (value: string | undefined) => void }) {
  const id = useId()
  return (
    <div className="filter">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value ?? ''} onChange={(event) => choose(event.currentTarget.value || undefined)}>
        {options.map(([one, text]) => <option key={one} value={one}>{text}</option>)}
      </select>
    </div>
  )
}

export function FilterDay({ label, value, choose }: { label: string; value: string | undefined; choose: (value: string | undefined) => void }) {
  const id = useId()
  return (
    <div className="filter">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="date" className="input" value={value ?? ''} onChange={(event) => choose(event.currentTarget.value || undefined)} />
    </div>
  )
}

/** Asked for when the field is left or Enter is pressed, not at every letter. */
export function FilterText({ label, value, choose }: { label: string; value: string | undefined; choose: (value: string | undefined) => void }) {
  const id = useId()
  return (
    <div className="filter">
      <label htmlFor={id}>{label}</label>
      <input
        id={id} className="input" defaultValue={value ?? ''} autoComplete="off"
        onBlur={(event) => choose(event.currentTarget.value.trim() || undefined)}
        onKeyDown={(event) => { if (event.key === 'Enter') choose(event.currentTarget.value.trim() || undefined) }}
      />
    </div>
  )
}

export function FilterTick({ on, choose, children }: PropsWithChildren<{ on: boolean; choose: (on: boolean) => void }>) {
  return <label className="filter-tick"><input type="checkbox" checked={on} onChange={(event) => choose(event.currentTarget.checked)} /> {children}</label>
}
