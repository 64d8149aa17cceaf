import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { graphql } from '../../gql/customer'
import { asking, useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Card, Page } from '../../shared/ui/parts.tsx'

const DataPage = graphql(`
  query DataPage { viewer { id report { generatedAt sections { entity title count } } } }
`)

/** Everything held about the viewer, kind by kind, empty ones too. */
export function Data() {
  const { t } = useLingui()
  const format = useFormat()
  const { viewer } = useAsk(DataPage, {})
  if (!viewer) return null
  const { sections } = viewer.report
  const held = sections.filter((one) => one.count > 0)
  const none = sections.filter((one) => one.count === 0)
  return (
    <Page title={t`What we hold`} lead={<Trans>All of it, as of this moment. Open a kind to see each value, where it comes from, what it is for, who reads it and its last day.</Trans>}>
      <Card title={<Trans>Held</Trans>}>
        <ul className="lines">
          {held.map((one) => (
            <li key={one.entity}>
              <Link to="/data/$entity" params={{ entity: one.entity }}>{one.title}</Link>
              <span className="number quiet-text">{format.number(one.count)}</span>
            </li>
          ))}
        </ul>
      </Card>
      {none.length > 0 && (
        <Card title={<Trans>Nothing held</Trans>}>
          <p className="quiet-text"><Trans>These we would hold if there were any:</Trans></p>
          <ul className="lines">{none.map((one) => <li key={one.entity}><Link to="/data/$entity" params={{ entity: one.entity }}>{one.title}</Link></li>)}</ul>
        </Card>
      )}
    </Page>
  )
}
Data.before = asking(DataPage, {})
