import { Trans, useLingui } from '@lingui/react/macro'
import type { QueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { graphql } from '../../gql/customer'
import type { SectionPageQuery } from '../../gql/customer/graphql.ts'
import { askingPages, useAskPages } from '../../shared/api/pages.ts'
import type { Going } from '../../shared/arriving.tsx'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty, Facts, Page } from '../../shared/ui/parts.tsx'
import { More } from '../../shared/ui/table.tsx'

const SectionPage = graphql(`
  query SectionPage($entity: String!, $after: String) {
    viewer {
      id
      report {
        section(entity: $entity) {
          entity title count
          fields { name title source purposes basis readers retention clause }
          items(first: 10, after: $after) { nodes { lastDay values { field value } } pageInfo { hasNextPage endCursor } }
        }
      }
    }
  }
`)

const items = (page: SectionPageQuery) => page.viewer?.report.section?.items

/** One kind of record: its values, and for each field what the policy says of it. */
export function Section() {
  const { t } = useLingui()
  const format = useFormat()
  const { entity } = useParams({ from: '/inside/data/$entity' })
  const { nodes, first, more } = useAskPages(SectionPage, { entity }, items)
  const section = first.viewer?.report.section
  if (!section) return <Page title={t`What we hold`} lead={<Link to="/data"><Trans>There is no such kind of record. See all of them</Trans></Link>} />
  const titles = Object.fromEntries(section.fields.map((one) => [one.name, one.title]))
  return (
    <Page title={section.title} lead={<Link to="/data"><Trans>All kinds of records</Trans></Link>}>
      <Card title={<Trans>Values</Trans>}>
        {nodes.length === 0 ? <Empty title={<Trans>We hold none.</Trans>} /> : (
          <div className="records">
            {nodes.map((item, place) => (
              <div key={place} className="record">
                <Facts facts={item.values.map(({ field, value }) => [titles[field] ?? field, value && <Value value={value} />, field])} />
                <p className="quiet-text small-text">{item.lastDay ? <Trans>Last possible day: {format.date(item.lastDay)}</Trans> : <Trans>Kept while your account is open.</Trans>}</p>
              </div>
            ))}
          </div>
        )}
        <More {...more} />
      </Card>
      <Card title={<Trans>Why, who and how long</Trans>}>
        <div className="records">
          {section.fields.map((field) => (
            <details key={field.name} className="why">
              <summary>{field.title}</summary>
              <Facts facts={[
                [t`Where it comes from`, field.source],
                [t`What for`, field.purposes.join('; ')],
                [t`On which basis`, field.basis],
                [t`Who reads it`, field.readers.join(', ')],
                [t`How long`, field.retention],
                ...(field.clause ? [[t`Clause of the policy`, field.clause] as [string, string]] : []),
              ]} />
            </details>
          ))}
        </div>
      </Card>
    </Page>
  )
}
Section.before = (client: QueryClient, { params }: Going) => askingPages(SectionPage, { entity: params.entity ?? '' }, items)(client)

const TIME = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/

/** A value as it is held; a time as the language writes it. */
function Value({ value }: { value: string }) {
  const format = useFormat()
  if (!TIME.test(value)) return value
  return <time dateTime={value} title={value}>{value.includes('T') ? format.dateTime(value) : format.date(value)}</time>
}
