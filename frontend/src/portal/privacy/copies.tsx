import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import type { ExportStatus } from '../../gql/customer/graphql.ts'
import { asking, useAct, useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Button } from '../../shared/ui/form.tsx'
import { Card, Empty, Note, Page, Tag } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { Download } from './download.tsx'

const CopiesPage = graphql(`
  query CopiesPage {
    viewer {
      id
      security { steppedUpUntil coolingOffUntil }
      exports { id status requestedAt dueAt readyAt expiresAt bytes sha256 downloadUrl }
    }
  }
`)
const RequestExport = graphql(`
  mutation RequestExport { requestExport { ... on ExportRequested { __typename export { id } } ...Refused } }
`)

/** A copy of everything: asked for, made by the worker while one does something else, fetched once. */
export function Copies() {
  const { t } = useLingui()
  const format = useFormat()
  const [fetched, setFetched] = useState<string>() // its last byte is here; that it was sent the server notes a moment later
  const { viewer } = useAsk(CopiesPage, {}, (data) => {
    if (data?.viewer?.exports.some((one) => one.id === fetched && one.status === 'READY')) return 500
    return data?.viewer?.exports.some((one) => one.status === 'REQUESTED') ? 3000 : false
  })
  const { act, busy, trouble } = useAct(RequestExport)
  if (!viewer) return null
  const states: Record<ExportStatus, string> = { REQUESTED: t`being made`, READY: t`ready`, DOWNLOADED: t`fetched`, EXPIRED: t`gone` }
  const waits = viewer.security.coolingOffUntil
  return (
    <Page
      title={t`Copies of my data`}
      lead={<Trans>Everything we hold about you in one archive: pages for you to read, data for a program, and a signature that proves it came from us.</Trans>}
      actions={<Button tone="main" busy={busy} onPress={() => void act({})}><Trans>Ask for a copy</Trans></Button>}
    >
      {trouble && <TroubleNote trouble={trouble} />}
      {waits && <Note tone="warn"><p><Trans>A contact, password or factor changed lately. No copy is made until {format.dateTime(waits)}: a thief could take it.</Trans></p></Note>}
      <Card>
        {viewer.exports.length === 0 ? <Empty title={<Trans>You have not asked for a copy.</Trans>}><p><Trans>It is usually ready within minutes. You may leave this page: we write to you.</Trans></p></Empty> : (
          <ul className="lines" aria-live="polite">
            {viewer.exports.map((one) => (
              <li key={one.id}>
                <div className="stack tight">
                  <p className="line-title"><Trans>Asked for {format.dateTime(one.requestedAt)}</Trans> <Tag tone={one.status === 'READY' ? 'good' : 'plain'}>{states[one.status]}</Tag></p>
                  {one.status === 'REQUESTED' && <p className="quiet-text"><span className="spinner" aria-hidden="true" /> <Trans>We are making it; at the latest by {format.dateTime(one.dueAt)}. You may leave this page: we write to you when it is ready.</Trans></p>}
                  {one.status === 'READY' && one.expiresAt && <p className="quiet-text"><Trans>To be fetched until {format.dateTime(one.expiresAt)}, once.</Trans></p>}
                  {one.sha256 && <p className="quiet-text small-text">SHA-256 <code>{one.sha256}</code></p>}
                </div>
                {one.status === 'READY' && one.downloadUrl && <Download url={one.downloadUrl} bytes={one.bytes} provenUntil={viewer.security.steppedUpUntil} fetched={() => setFetched(one.id)} />}
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card title={<Trans>Is it really from us?</Trans>}>
        <p><Trans>The archive holds a manifest with the SHA-256 of every file, signed with our key, and a text that says how to check it without us.</Trans></p>
      </Card>
    </Page>
  )
}
Copies.before = asking(CopiesPage, {})
