import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { graphql } from '../../gql/customer'
import type { AcceptanceEvent } from '../../gql/customer/graphql.ts'
import { asking, useAct, useAsk, useSettled } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { askIn, localeOf } from '../../shared/i18n.ts'
import { Button } from '../../shared/ui/form.tsx'
import { Card, Empty, Note, Page, Tag } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { useChangeNames } from '../papers/policy.tsx'

const AgreementPage = graphql(`
  query AgreementPage($locale: Locale) {
    viewer {
      id
      policyStanding {
        mayDecline
        governing { version validFrom promises { clause title limit } }
        pending { version validFrom change summary(locale: $locale) }
      }
      acceptances { version event at }
    }
  }
`)
const AnswerPolicy = graphql(`
  mutation AnswerPolicy($version: String!, $answer: PolicyAnswer!) {
    answerPolicy(version: $version, answer: $answer) { ... on PolicyAnswered { __typename acceptance { version event at } } ...Refused }
  }
`)

/** Which version binds this customer, what waits for an answer, and what was answered. */
export function Agreement() {
  const { t, i18n } = useLingui()
  const format = useFormat()
  const changes = useChangeNames()
  const { viewer } = useAsk(AgreementPage, useSettled({ locale: localeOf(i18n) }))
  const { act, busy, trouble } = useAct(AnswerPolicy)
  const pending = viewer?.policyStanding.pending
  const seen = viewer?.acceptances.some((one) => one.version === pending?.version && one.event !== 'NOTIFIED')
  const unseen = pending && !seen ? pending.version : undefined
  useEffect(() => {
    if (unseen) void act({ version: unseen, answer: 'VIEWED' })
  }, [unseen, act])
  if (!viewer) return null
  const { governing, mayDecline } = viewer.policyStanding
  const events: Record<AcceptanceEvent, string> = { NOTIFIED: t`we told you`, VIEWED: t`you looked at it`, ACCEPTED: t`you agreed`, DECLINED: t`you declined` }
  return (
    <Page title={t`My policy`} lead={<Trans>Version {governing.version} of the <Link to="/policy" search={{ version: governing.version }}>privacy policy</Link> binds you and us now.</Trans>}>
      {trouble && <TroubleNote trouble={trouble} />}
      {pending && (
        <Note tone="warn" title={<Trans>Version {pending.version} comes into force on {format.date(pending.validFrom)}</Trans>}>
          <p>{pending.summary} <Tag tone={pending.change === 'REDUCES_RIGHTS' ? 'warn' : 'plain'}>{changes[pending.change]}</Tag></p>
          <p><Link to="/policy" search={{ version: pending.version }}><Trans>Read it whole</Trans></Link></p>
          <div className="actions">
            <Button tone="main" busy={busy} onPress={() => void act({ version: pending.version, answer: 'ACCEPTED' })}><Trans>I agree</Trans></Button>
            {mayDecline && <Button busy={busy} onPress={() => void act({ version: pending.version, answer: 'DECLINED' })}><Trans>I decline</Trans></Button>}
          </div>
          {mayDecline && <p className="small-text"><Trans>If you decline, the version you agreed to stays yours.</Trans></p>}
        </Note>
      )}
      <Card title={<Trans>What it promises</Trans>}>
        <Table
          caption={t`What it promises`}
          columns={[
            { title: t`Clause`, cell: (row) => row.clause },
            { title: t`Promise`, head: true, cell: (row) => row.title },
          ]}
          rows={governing.promises.map((one) => ({ ...one, id: `${one.clause} ${one.title}` }))}
        />
      </Card>
      <Card title={<Trans>What you answered</Trans>}>
        {viewer.acceptances.length === 0 ? <Empty title={<Trans>Nothing yet.</Trans>} /> : (
          <Table
            caption={t`What you answered`}
            columns={[
              { title: t`Version`, head: true, cell: (row) => row.version },
              { title: t`Answer`, cell: (row) => events[row.event] },
              { title: t`When`, cell: (row) => format.dateTime(row.at) },
            ]}
            rows={viewer.acceptances.map((one) => ({ ...one, id: `${one.version} ${one.event} ${one.at}` }))}
          />
        )}
      </Card>
    </Page>
  )
}
Agreement.before = (client: QueryClient) => asking(AgreementPage, { locale: localeOf({ locale: askIn() }) })(client)
