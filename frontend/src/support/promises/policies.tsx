import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/support'
import type { PolicyListQuery } from '../../gql/support/graphql.ts'
import { useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Field } from '../../shared/ui/form.tsx'
import { Card, Facts, Page, Tag } from '../../shared/ui/parts.tsx'
import { useMay } from '../me.ts'

const PolicyList = graphql(`
  query PolicyList {
    policies { version sha256 change summary publishedAt validFrom earliestValidFrom toNotify notified undelivered viewed accepted declined }
  }
`)
const PublishPolicy = graphql(`
  mutation PublishPolicy($version: String!, $validFrom: DateTime!) {
    publishPolicy(version: $version, validFrom: $validFrom) { ... on ApprovalAwaited { __typename approval { id } } ...Refused }
  }
`)

type Version = PolicyListQuery['policies'][number]

/** Versions of the policy: what changed, who was told, and who answered what. */
export function Policies() {
  const { t } = useLingui()
  const { policies } = useAsk(PolicyList, {})
  return (
    <Page title={t`Policy versions`} lead={<Trans>A published version never changes. Notices go out thirty days before a change that matters; one that reduces rights binds only who accepts it.</Trans>}>
      {policies.map((one) => <One key={one.version} version={one} />)}
    </Page>
  )
}

function One({ version }: { version: Version }) {
  const { t } = useLingui()
  const format = useFormat()
  const publishes = useMay('PUBLISH_POLICY')
  const changes: Record<Version['change'], string> = {
    EDITORIAL: t`Words only`, NEUTRAL: t`Neutral`, EXTENDS_RIGHTS: t`Extends rights`, REDUCES_RIGHTS: t`Reduces rights`,
  }
  const counts: [string, number][] = [
    [t`To notify`, version.toNotify], [t`Notified`, version.notified], [t`Undelivered`, version.undelivered], [t`Viewed`, version.viewed],
    [t`Accepted`, version.accepted], [t`Declined`, version.declined],
  ]
  return (
    <Card
      id={`v-${version.version}`} title={<>{version.version} {version.publishedAt ? <Tag tone="good"><Trans>Published</Trans></Tag> : <Tag><Trans>Draft</Trans></Tag>}</>}
      actions={publishes && !version.publishedAt && <Publish version={version} />}
    >
      <p>{version.summary}</p>
      <Facts facts={[
        [t`Kind of change`, changes[version.change]],
        [t`Published`, version.publishedAt ? format.dateTime(version.publishedAt) : t`Not yet`],
        [t`In force from`, version.validFrom ? format.dateTime(version.validFrom) : version.earliestValidFrom ? t`At the soonest ${format.date(version.earliestValidFrom)}` : '—'],
        ['SHA-256', <code key="s">{version.sha256}</code>],
        ...(version.publishedAt ? [[t`Customers`, counts.map(([name, count]) => `${name}: ${format.number(count)}`).join(DOT)] as [string, string]] : []),
      ]} />
    </Card>
  )
}

function Publish({ version }: { version: Version }) {
  const { t } = useLingui()
  return (
    <DialogButton tone="main" small label={<Trans>Propose publishing</Trans>} name={t`Propose publishing ${version.version}`} title={<Trans>Publish {version.version}</Trans>}>
      {(close) => (
        <>
          <p><Trans>A second person has to agree. Then the text is fixed and the notices go out.</Trans></p>
          <ActForm document={PublishPolicy} done={close} submit={<Trans>Propose it</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ version: version.version, validFrom: new Date(`${fields.text('validFrom')}T00:00:00Z`).toISOString() })}>
            <Field name="validFrom" type="date" label={t`In force from`} defaultValue={next(version.earliestValidFrom)} isRequired />
          </ActForm>
        </>
      )}
    </DialogButton>
  )
}

/** The first whole day on or after a moment. */
const next = (moment: string | null) => (moment ? new Date(Math.ceil(new Date(moment).getTime() / 86_400_000) * 86_400_000).toISOString().slice(0, 10) : '')
