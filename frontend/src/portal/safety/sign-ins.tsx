import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import type { SignInMethod, SignInOutcome, SignInRow_SignInFragment, SignInsPageQuery } from '../../gql/customer/graphql.ts'
import { askingPages, useAskPages } from '../../shared/api/pages.ts'
import { useSettled } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { type Going, later } from '../../shared/arriving.tsx'
import { DOT } from '../../shared/dot.ts'
import { Button, Choice } from '../../shared/ui/form.tsx'
import { Card, Empty, Page, Tag } from '../../shared/ui/parts.tsx'
import { More, Table } from '../../shared/ui/table.tsx'
import { NotMe } from './not-me.tsx'

const SignInsPage = graphql(`
  query SignInsPage($after: String, $outcome: SignInOutcome, $from: DateTime, $to: DateTime) {
    viewer {
      id
      signIns(first: 20, after: $after, outcome: $outcome, from: $from, to: $to) {
        nodes { ...SignInRow_signIn }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`)
export const SignInRow = graphql(`
  fragment SignInRow_signIn on SignIn {
    id at outcome method ip ipPrecision isNewDevice reportedAt count
    place { country region city latitude longitude source }
    userAgent { browser os device }
    session { id isCurrent }
  }
`)

const Places = later(() => import('./map.tsx').then((found) => found.SignInMap))

export type SignInSearch = { outcome?: SignInOutcome; from?: string; to?: string }

const wanted = ({ outcome, from, to }: SignInSearch) => ({ outcome: outcome ?? null, from: from ? `${from}T00:00:00Z` : null, to: to ? `${to}T23:59:59Z` : null })
const attempts = (page: SignInsPageQuery) => page.viewer?.signIns

/** Every attempt to sign in, as recorded (clause 1.2). */
export function SignIns() {
  const { t } = useLingui()
  const format = useFormat()
  const go = useNavigate()
  const search = useSearch({ from: '/inside/sign-ins' })
  const [map, showMap] = useState(false)
  const outcomes = useOutcomes()
  const methods = useMethods()
  const { nodes, more } = useAskPages(SignInsPage, useSettled(wanted(search)), attempts)
  const filter = (change: SignInSearch) => void go({ to: '/sign-ins', search: { ...search, ...change }, replace: true })
  const filtered = Boolean(search.outcome ?? search.from ?? search.to)
  return (
    <Page
      title={t`Sign-in history`}
      lead={<Trans>Each attempt to sign in to your account: when, from where, with what. After 180 days the address is shortened, after 365 days the record is gone.</Trans>}
      actions={<Button aria-pressed={map} onPress={() => showMap(!map)}>{map ? <Trans>Hide the map</Trans> : <Trans>Show the map</Trans>}</Button>}
    >
      {map && <Card title={<Trans>Estimated places</Trans>}><Places signIns={nodes} /></Card>}
      <Card>
        <div className="filters">
          <Choice
            label={t`Outcome`} name="outcome" value={search.outcome ?? ''} onChange={(value) => filter({ outcome: (value || undefined) as SignInOutcome })}
            options={[['', t`all`], ...Object.entries(outcomes)]}
          />
          <DateFilter label={t`From day`} name="from" value={search.from} change={(from) => filter({ from } as SignInSearch)} />
          <DateFilter label={t`To day`} name="to" value={search.to} change={(to) => filter({ to } as SignInSearch)} />
          {filtered && <Button tone="plain" onPress={() => void go({ to: '/sign-ins', search: {}, replace: true })}><Trans>Show all</Trans></Button>}
        </div>
        {nodes.length === 0 ? (
          <Empty title={filtered ? <Trans>No attempt matches.</Trans> : <Trans>No attempt is recorded.</Trans>} />
        ) : (
          <Table
            caption={t`Sign-in history`}
            mark={(row) => (row.reportedAt ? 'bad' : row.isNewDevice ? 'warn' : undefined)}
            columns={[
              { title: t`When`, head: true, tight: true, cell: (row) => <>{format.dateTime(row.at)}{row.count > 1 && <span className="quiet-text">{DOT}<Plural value={row.count} one="# time" other="# times" /></span>}</> },
              { title: t`Outcome`, cell: (row) => <Outcome row={row} name={outcomes[row.outcome]} /> },
              { title: t`With`, cell: (row) => <>{methods[row.method]}<br /><span className="quiet-text small-text">{[row.userAgent?.browser, row.userAgent?.os].filter(Boolean).join(', ')}</span></> },
              { title: t`From`, cell: (row) => <From row={row} /> },
              { title: t`If it was not you`, bare: true, cell: (row) => row.outcome === 'SUCCEEDED' && !row.reportedAt && <NotMe id={row.id} at={row.at} /> },
            ]}
            rows={nodes}
          />
        )}
        <More {...more} />
      </Card>
    </Page>
  )
}
SignIns.before = (client: QueryClient, { location }: Going) => askingPages(SignInsPage, wanted(location.search), attempts)(client)

function DateFilter({ label, name, value, change }: { label: string; name: string; value: string | undefined; change: (value: string | undefined) => void }) {
  return (
    <div className="field">
      <label htmlFor={`filter-${name}`}>{label}</label>
      <input className="input" type="date" id={`filter-${name}`} value={value ?? ''} onChange={(event) => change(event.currentTarget.value || undefined)} />
    </div>
  )
}

function Outcome({ row, name }: { row: SignInRow_SignInFragment; name: string }) {
  return (
    <span className="row">
      <Tag tone={row.outcome === 'SUCCEEDED' ? 'good' : 'warn'}>{name}</Tag>
      {row.isNewDevice && <Tag tone="warn"><Trans>new device</Trans></Tag>}
      {row.reportedAt && <Tag tone="bad"><Trans>you said: not me</Trans></Tag>}
      {row.session?.isCurrent && <Tag><Trans>this session</Trans></Tag>}
    </span>
  )
}

function From({ row }: { row: SignInRow_SignInFragment }) {
  const format = useFormat()
  const place = [row.place?.city, row.place?.country && format.country(row.place.country)].filter(Boolean).join(', ')
  return (
    <>
      {place ? <Trans>{place} (estimated)</Trans> : <span className="quiet-text"><Trans>place unknown</Trans></span>}
      {row.ip && <><br /><code>{row.ip}</code>{row.ipPrecision === 'NETWORK' && <span className="quiet-text small-text"> <Trans>shortened</Trans></span>}</>}
    </>
  )
}

function useOutcomes(): Record<SignInOutcome, string> {
  const { t } = useLingui()
  return {
    SUCCEEDED: t`signed in`, WRONG_CREDENTIALS: t`wrong password`, SECOND_FACTOR_FAILED: t`second factor failed`, THROTTLED: t`stopped: too many tries`,
    BLOCKED: t`blocked`, CLOSED: t`account closed`,
  }
}

function useMethods(): Record<SignInMethod, string> {
  const { t } = useLingui()
  return { PASSWORD: t`password`, PASSKEY: t`passkey`, TOTP: t`app code`, RECOVERY_CODE: t`recovery code` }
}
