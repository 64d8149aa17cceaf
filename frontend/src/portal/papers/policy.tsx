import { Trans, useLingui } from '@lingui/react/macro'
import type { QueryClient } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { graphql } from '../../gql/customer'
import type { PolicyChange } from '../../gql/customer/graphql.ts'
import { asking, useAsk, useSettled } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import type { Going } from '../../shared/arriving.tsx'
import { askIn, localeOf } from '../../shared/i18n.ts'
import { Card, Page, Tag } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { Text } from './text.tsx'

const PolicyText = graphql(`
  query PolicyText($version: String, $locale: Locale) {
    policy(version: $version) { version validFrom change sha256 summary(locale: $locale) text(locale: $locale) }
    policies { version publishedAt validFrom change summary(locale: $locale) }
  }
`)

export function useChangeNames(): Record<PolicyChange, string> {
  const { t } = useLingui()
  return { EDITORIAL: t`wording only`, NEUTRAL: t`changes nothing for you`, EXTENDS_RIGHTS: t`gives you more`, REDUCES_RIGHTS: t`takes something from you` }
}

export function Policy() {
  const { t, i18n } = useLingui()
  const format = useFormat()
  const changes = useChangeNames()
  const { version } = useSearch({ from: '/outside/policy' })
  const { policy, policies } = useAsk(PolicyText, useSettled({ version: version ?? null, locale: localeOf(i18n) }))
  return (
    <Page title={t`Privacy policy`} lead={policy ? <Trans>Version {policy.version}, in force since {format.date(policy.validFrom)}.</Trans> : <Trans>There is no such version.</Trans>}>
      {policy && <Card><Text text={policy.text.replace(/^# .*\n/, '')} /></Card>}
      <Card title={<Trans>Every version</Trans>}>
        <Table
          caption={t`Every version`}
          columns={[
            { title: t`Version`, head: true, cell: (row) => <Link to="/policy" search={{ version: row.version }}>{row.version}</Link> },
            { title: t`In force since`, cell: (row) => format.date(row.validFrom) },
            { title: t`What changed`, cell: (row) => <>{row.summary} <Tag tone={row.change === 'REDUCES_RIGHTS' ? 'warn' : 'plain'}>{changes[row.change]}</Tag></> },
          ]}
          rows={policies.map((row) => ({ ...row, id: row.version }))}
        />
      </Card>
    </Page>
  )
}
Policy.before = (client: QueryClient, { location }: Going) => asking(PolicyText, { version: (location.search.version as string | undefined) ?? null, locale: localeOf({ locale: askIn() }) })(client)
