import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { View } from 'react-native'
import { useAct, useViewer } from '../api/queries.ts'
import { useFormat } from '../format.ts'
import { go, home } from '../frame/place.ts'
import { AppDeleteProfile, AppDeletion } from '../gql/documents.ts'
import { closed } from '../session.ts'
import { Button } from '../ui/button.tsx'
import { Tick } from '../ui/fields.tsx'
import { Card, NotYet, Note } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { P } from '../ui/text.tsx'
import { TroubleNote } from '../ui/trouble.tsx'
import { Remains } from './remains.tsx'

/** What deleting means, with its dates, before it is done; a copy is offered first. */
export function Delete() {
  const { t } = useLingui()
  const format = useFormat()
  const { viewer, trouble, again, busy: asking } = useViewer(AppDeletion, {})
  const title = t`Delete my profile`
  if (!viewer) return <Screen title={title} back={home}><NotYet trouble={trouble} again={again} busy={asking} /></Screen>
  const { eraseAt, eraseBy, consequences, remains, servicesEnding } = viewer.deletionPreview
  const steps: [string, React.ReactNode][] = [
    [t`At once`, <Trans key="now">Your account is closed, every device is signed out, and nobody can sign in.</Trans>],
    [t`Until ${format.date(eraseAt)}`, <Trans key="until">Your data is locked away. If you change your mind, our office can restore the account until then.</Trans>],
    [format.date(eraseAt), <Trans key="at">Everything is erased and its absence checked. You can ask for the proof with a code that you get now.</Trans>],
    [t`By ${format.date(eraseBy)}`, <Trans key="by">The last backup that may hold a part of it is gone, on every server. This is our promise.</Trans>],
  ]
  return (
    <Screen title={title} back={home} lead={<Trans>This is what happens if you delete it now. Nothing has happened yet.</Trans>}>
      {trouble && <NotYet trouble={trouble} again={again} busy={asking} />}
      <Card title={t`What happens, and when`}>
        {steps.map(([when, what]) => <View key={when}><P strong>{when}</P><P>{what}</P></View>)}
        {consequences.map((one) => <P key={one} soft>{one}</P>)}
      </Card>
      {servicesEnding.length > 0 && <Card title={t`Services that end`}>{servicesEnding.map((one) => <P key={one.id}>{one.name}</P>)}</Card>}
      <Card title={t`What remains, and why`}><Remains remains={remains} /></Card>
      <Note title={t`Take a copy first?`}>
        <P><Trans>After deleting you cannot fetch one here any more.</Trans></P>
        <Button label={t`Copies of my data`} onPress={() => go('copies')} />
      </Note>
      <DeleteNow eraseAt={eraseAt} />
    </Screen>
  )
}

function DeleteNow({ eraseAt }: { eraseAt: string }) {
  const { t } = useLingui()
  const format = useFormat()
  const [sure, setSure] = useState(false)
  const { act, busy, trouble } = useAct(AppDeleteProfile, { last: true })
  return (
    <Card title={t`Delete your profile?`}>
      <P><Trans>It closes now and is erased on {format.date(eraseAt)}.</Trans></P>
      <Tick label={t`I want my profile deleted.`} value={sure} change={setSure} />
      {trouble && <TroubleNote trouble={trouble} />}
      <Button tone="danger" label={t`Delete it`} disabled={!sure} busy={busy} onPress={async () => {
        const found = await act({})
        if (found) await closed(found)
      }} />
    </Card>
  )
}
