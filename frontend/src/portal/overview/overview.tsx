import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { graphql } from '../../gql/customer'
import { asking, useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { Card, Facts, Note, Page, Tag } from '../../shared/ui/parts.tsx'
import { Attention } from './attention.tsx'

const OverviewPage = graphql(`
  query OverviewPage {
    viewer {
      id number createdAt state
      profile { givenName }
      obligations { id clause title dueAt ceiling movedBecause }
      services { id kind name startedAt endedAt }
      ...Attention_Customer
    }
  }
`)

export function Overview() {
  const { t } = useLingui()
  const format = useFormat()
  const { viewer } = useAsk(OverviewPage, {})
  if (!viewer) return null
  return (
    <Page title={t`Hello, ${viewer.profile.givenName}`} lead={<Trans>Customer {viewer.number}, with us since {format.date(viewer.createdAt)}.</Trans>}>
      {viewer.state === 'RESTRICTED' && <Note tone="warn" title={<Trans>Processing of your account is restricted.</Trans>}><p><Trans>As you asked for: we store your data and do nothing else with it until you lift the restriction under <Link to="/requests">Requests</Link>.</Trans></p></Note>}
      <Card title={<Trans>What needs you</Trans>}><Attention customer={viewer} /></Card>
      <div className="columns">
        <Card title={<Trans>Next dates</Trans>}>
          {viewer.obligations.length === 0 ? <p className="quiet-text"><Trans>Nothing is due. Dates that the policy sets for your account appear here.</Trans></p> : (
            <ul className="lines">
              {viewer.obligations.slice(0, 8).map((one) => (
                <li key={one.id}>
                  <div><p className="line-title">{one.title}</p><p className="quiet-text small-text"><Trans>clause {one.clause}</Trans>{one.movedBecause && <>{DOT}{one.movedBecause}</>}</p></div>
                  <time dateTime={one.dueAt}>{format.date(one.dueAt)}</time>
                </li>
              ))}
            </ul>
          )}
        </Card>
        <Card title={<Trans>Your services</Trans>}>
          {viewer.services.length === 0 ? <p className="quiet-text"><Trans>You have no service with us.</Trans></p> : (
            <ul className="lines">
              {viewer.services.map((one) => (
                <li key={one.id}>
                  <div><p className="line-title">{one.name}</p><p className="quiet-text small-text"><Trans>since {format.date(one.startedAt)}</Trans></p></div>
                  {one.endedAt ? <Tag><Trans>ended {format.shortDate(one.endedAt)}</Trans></Tag> : <Tag tone="good"><Trans>running</Trans></Tag>}
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>
      <Card title={<Trans>Good to know</Trans>}>
        <Facts facts={[
          [<Link to="/data" key="a"><Trans>What we hold</Trans></Link>, <Trans key="b">Every value, where it comes from, what for, who reads it and its last day.</Trans>, 'data'],
          [<Link to="/activity" key="a"><Trans>Who looked</Trans></Link>, <Trans key="b">Everything that happened to your account, our staff's reads included, with their reason.</Trans>, 'activity'],
          [<Link to="/copies" key="a"><Trans>Copies of my data</Trans></Link>, <Trans key="b">Take everything along, in files that a person and a program can read.</Trans>, 'copies'],
        ]} />
      </Card>
    </Page>
  )
}
Overview.before = asking(OverviewPage, {})
