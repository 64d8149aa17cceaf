import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { asking, useAct, useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { Button, Tick } from '../../shared/ui/form.tsx'
import { Card, Note, Page } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { tellClosure } from '../coming/closure.ts'
import { Remains } from './remains.tsx'

const DeletePage = graphql(`
  query DeletePage {
    viewer {
      id
      security { coolingOffUntil }
      deletionPreview { eraseAt eraseBy consequences remains { title basis until } servicesEnding { id name } }
      exports { id status }
    }
  }
`)
const DeleteProfile = graphql(`
  mutation DeleteProfile {
    deleteProfile { ... on ProfileDeleted { __typename certificateCode closure { ...ClosureParts_Closure } } ...Refused }
  }
`)

/** What deleting means, with its dates, before it is done; a copy is offered first. */
export function Delete() {
  const { t } = useLingui()
  const format = useFormat()
  const { viewer } = useAsk(DeletePage, {})
  if (!viewer) return null
  const { eraseAt, eraseBy, consequences, remains, servicesEnding } = viewer.deletionPreview
  return (
    <Page title={t`Delete my profile`} lead={<Trans>This is what happens if you delete it now. Nothing has happened yet.</Trans>}>
      <Card title={<Trans>What happens, and when</Trans>}>
        <ol className="steps">
          <li><h3><Trans>At once</Trans></h3><p><Trans>Your account is closed, every device is signed out, and nobody can sign in.</Trans></p></li>
          <li><h3><Trans>Until {format.date(eraseAt)}</Trans></h3><p><Trans>Your data is locked away. If you change your mind, our office can restore the account until then.</Trans></p></li>
          <li><h3>{format.date(eraseAt)}</h3><p><Trans>Everything is erased and its absence checked. You can ask for the proof with a code that you get now.</Trans></p></li>
          <li><h3><Trans>By {format.date(eraseBy)}</Trans></h3><p><Trans>The last backup that may hold a part of it is gone, on every server. This is our promise.</Trans></p></li>
        </ol>
        <ul className="plain-list">{consequences.map((one) => <li key={one}>{one}</li>)}</ul>
      </Card>
      {servicesEnding.length > 0 && (
        <Card title={<Trans>Services that end</Trans>}><ul className="plain-list">{servicesEnding.map((one) => <li key={one.id}>{one.name}</li>)}</ul></Card>
      )}
      <Card title={<Trans>What remains, and why</Trans>}><Remains remains={remains} /></Card>
      <Note title={<Trans>Take a copy first?</Trans>}>
        <p><Trans>After deleting you cannot fetch one here any more.</Trans> <Link to="/copies">{viewer.exports.some((one) => one.status === 'READY') ? <Trans>A copy is ready for you</Trans> : <Trans>Ask for a copy</Trans>}</Link></p>
      </Note>
      <div className="actions"><DeleteButton eraseAt={eraseAt} /></div>
    </Page>
  )
}
Delete.before = asking(DeletePage, {})

function DeleteButton({ eraseAt }: { eraseAt: string }) {
  const format = useFormat()
  const client = useQueryClient()
  const go = useNavigate()
  const [sure, setSure] = useState(false)
  const { act, busy, trouble } = useAct(DeleteProfile, { last: true })
  return (
    <DialogButton tone="danger" label={<Trans>Delete my profile</Trans>} title={<Trans>Delete your profile?</Trans>}>
      {(close) => (
        <>
          <p><Trans>It closes now and is erased on {format.date(eraseAt)}.</Trans></p>
          <Tick isSelected={sure} onChange={setSure}><Trans>I want my profile deleted.</Trans></Tick>
          {trouble && <TroubleNote trouble={trouble} />}
          <div className="actions">
            <Button tone="danger" busy={busy} isDisabled={!sure} onPress={async () => {
              const found = await act({})
              if (!found) return
              tellClosure({ closure: found.closure, code: found.certificateCode })
              await go({ to: '/closed' })
              client.clear()
            }}>
              <Trans>Delete it</Trans>
            </Button>
            <CancelButton close={close} />
          </div>
        </>
      )}
    </DialogButton>
  )
}
