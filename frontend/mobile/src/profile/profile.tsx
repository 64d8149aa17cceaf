import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useViewer } from '../api/queries.ts'
import { useFormat } from '../format.ts'
import { home } from '../frame/place.ts'
import { AppProfile } from '../gql/documents.ts'
import { Button } from '../ui/button.tsx'
import { Card, Facts, NotYet, Note } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { P } from '../ui/text.tsx'
import { WebsiteLink } from '../ui/website-link.tsx'
import { EditProfile } from './edit-profile.tsx'
import { useHeld } from './held.ts'

export function Profile() {
  const { t } = useLingui()
  const format = useFormat()
  const held = useHeld()
  const { viewer, trouble, again, busy: asking } = useViewer(AppProfile, {})
  const [editing, edit] = useState(false)
  const [saved, setSaved] = useState(false)
  if (!viewer) return <Screen title={t`My profile`} back={home}><NotYet trouble={trouble} again={again} busy={asking} /></Screen>
  const { profile } = viewer
  if (editing) {
    return (
      <Screen title={t`Edit my profile`} key="edit" back={() => edit(false)}>
        <EditProfile profile={profile} done={(changed) => { setSaved(changed); edit(false) }} />
      </Screen>
    )
  }
  return (
    <Screen title={t`My profile`} back={home} key="profile" lead={<Trans>What you gave us so that we know who our contract is with and can reach you. Last changed {format.dateTime(profile.updatedAt)}.</Trans>}>
      {trouble && <NotYet trouble={trouble} again={again} busy={asking} />}
      {saved && <Note tone="good"><P><Trans>Saved. The old values stay for a while on our website under Old values.</Trans></P></Note>}
      <Card title={t`About you`}>
        <Facts facts={[
          [t`Given and family name`, `${profile.givenName} ${profile.familyName}`],
          ...held.filter(([name]) => name !== t`Given name` && name !== t`Family name`).map(([name, of]): [string, string] => [name, of(profile)]).filter(([, value]) => value),
        ]} />
        <Button tone="main" label={t`Edit`} onPress={() => { setSaved(false); edit(true) }} />
      </Card>
      {profile.pendingEmail && <Note tone="warn"><P><Trans>The letter to {profile.pendingEmail.email} waits for you until {format.dateTime(profile.pendingEmail.expiresAt)}.</Trans></P></Note>}
      <P soft small><Trans>The e-mail address is changed on our website: a letter goes to the old and to the new one.</Trans></P>
      <WebsiteLink path="/profile" label={t`To the website`} />
    </Screen>
  )
}
