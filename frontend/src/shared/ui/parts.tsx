import { Trans, useLingui } from '@lingui/react/macro'
import { Component, type PropsWithChildren, type ReactNode, Suspense, useEffect, useRef } from 'react'
import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { troubleOf } from '../api/ask.ts'
import { useFormat } from '../format.ts'
import { Button } from './form.tsx'
import { TroubleNote } from './trouble.tsx'

let first = true

/** A reader hears the title of each page that comes; that of the first the browser has said. */
function useHeard() {
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (first) first = false
    else title.current?.focus({ preventScroll: true })
  }, [])
  return title
}

/** A page's own part: its title, one sentence of what it is for, and what it holds. */
export function Page({ title, whole, lead, actions, narrow, children }: PropsWithChildren<{ title: string; /** A number in the title, never broken. */ whole?: string; lead?: ReactNode; actions?: ReactNode; narrow?: boolean }>) {
  const { t } = useLingui()
  const house = t`Octopus Accounts`
  const heard = useHeard()
  useEffect(() => {
    document.title = `${title} · ${house}`
  }, [title, house])
  return (
    <div className={narrow ? 'page narrow' : 'page'}>
      <header className="page-head">
        <div>
          <h1 tabIndex={-1} ref={heard}>{whole ? title.split(whole).flatMap((words, place) => (place ? [<span key={place} className="whole">{whole}</span>, words] : [words])) : title}</h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

export function Card({ title, actions, children, id }: PropsWithChildren<{ title?: ReactNode; actions?: ReactNode; id?: string }>) {
  return (
    <section className="card" id={id} aria-labelledby={id && title ? `${id}-title` : undefined}>
      {(title || actions) && (
        <header className="card-head">
          {title && <h2 id={id && `${id}-title`}>{title}</h2>}
          {actions}
        </header>
      )}
      {children}
    </section>
  )
}

export function Note({ tone = 'plain', title, children, live }: PropsWithChildren<{ tone?: 'plain' | 'good' | 'warn' | 'bad'; title?: ReactNode; live?: boolean }>) {
  return (
    <div className={`note ${tone}`} role={live ? 'status' : undefined}>
      {title && <p className="note-title">{title}</p>}
      {children}
    </div>
  )
}

/** Names and values, one below the other. */
export function Facts({ facts }: { facts: [label: ReactNode, value: ReactNode, key?: string][] }) {
  return (
    <dl className="facts">
      {facts.map(([label, value, key], place) => (
        <div key={key ?? (typeof label === 'string' ? label : place)}>
          <dt>{label}</dt>
          <dd>{value ?? <span className="quiet-text">—</span>}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Nothing here yet, and what would be. */
export function Empty({ title, children }: PropsWithChildren<{ title: ReactNode }>) {
  return (
    <div className="empty">
      <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M16 3a9 9 0 0 0-9 9c0 4 2 5 2 8 0 2-2 2-4 2v3c4 0 6-1 7-4l1 8h2v-8h2v8h2l1-8c1 3 3 4 7 4v-3c-2 0-4 0-4-2 0-3 2-4 2-8a9 9 0 0 0-9-9z" /></svg>
      <p className="empty-title">{title}</p>
      {children}
    </div>
  )
}

export function Tag({ tone = 'plain', children }: PropsWithChildren<{ tone?: 'plain' | 'good' | 'warn' | 'bad' }>) {
  return <span className={`tag ${tone}`}>{children}</span>
}

/** A moment: how long ago or ahead in words, and exactly. */
export function When({ at, exact = false }: { at: string; exact?: boolean }) {
  const format = useFormat()
  return <time dateTime={at} title={format.dateTime(at)}>{exact ? format.dateTime(at) : format.relative(at)}</time>
}

export function Waiting() {
  const { t } = useLingui()
  return <div className="waiting" role="status" aria-label={t`Loading`}><span className="spinner" aria-hidden="true" /></div>
}

/** A whole page that is on its way. */
export function PageWaiting() {
  const { t } = useLingui()
  return (
    <div className="page">
      <h1 className="hidden">{t`Loading`}</h1>
      <Waiting />
    </div>
  )
}

type Instead = (shown: ReactNode) => ReactNode
const page: Instead = (shown) => shown
const alone: Instead = (shown) => <main id="main" className="outside" tabIndex={-1}>{shown}</main>

/** Waits for the part of a page that is inside, and says so when it could not be asked for. */
export function Room({ children }: PropsWithChildren) {
  const { reset } = useQueryErrorResetBoundary()
  return (
    <Fence again={reset} instead={(problem, again) => <div className="page"><Trouble problem={problem} again={again} /></div>}>
      <Suspense fallback={<Waiting />}>{children}</Suspense>
    </Fence>
  )
}

/** The same of a whole page; `framed` where it has its frame around it already. */
export function PageRoom({ framed, children }: PropsWithChildren<{ framed: boolean }>) {
  const { reset } = useQueryErrorResetBoundary()
  const within = framed ? page : alone
  return (
    <Fence again={reset} instead={(problem, again) => within(<CouldNot problem={problem} again={again} />)}>
      <Suspense fallback={within(<PageWaiting />)}>{children}</Suspense>
    </Fence>
  )
}

interface FenceProps extends PropsWithChildren {
  again: () => void
  instead: (problem: unknown, again: () => void) => ReactNode
}

class Fence extends Component<FenceProps, { problem?: unknown }> {
  override state: { problem?: unknown } = {}
  static getDerivedStateFromError(problem: unknown) {
    return { problem }
  }
  override render() {
    const { problem } = this.state
    if (problem === undefined) return this.props.children
    return this.props.instead(problem, () => { this.props.again(); this.setState({ problem: undefined }) })
  }
}

interface Failed {
  problem: unknown
  again: () => unknown
}

/** Why a page could not be shown, and the way to try again. */
export function CouldNot(failed: Failed) {
  const { t } = useLingui()
  return <Page narrow title={t`This page cannot be shown now`}><Trouble {...failed} /></Page>
}

function Trouble({ problem, again }: Failed) {
  const trouble = troubleOf(problem)
  return <TroubleNote trouble={trouble}>{trouble.kind !== 'outdated' && <p><Button onPress={again}><Trans>Try again</Trans></Button></p>}</TroubleNote>
}
