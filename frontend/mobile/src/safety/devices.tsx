import { Trans, useLingui } from '@lingui/react/macro'
import { View } from 'react-native'
import { useAct, useViewer } from '../api/queries.ts'
import { useFormat } from '../format.ts'
import { home } from '../frame/place.ts'
import { AppDevices, AppEndOtherSessions, AppEndSession } from '../gql/documents.ts'
import { Button } from '../ui/button.tsx'
import { Card, Lines, NotYet, Tag } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { P } from '../ui/text.tsx'
import { placeOf, programOf } from './places.ts'

/** Where one is signed in now. */
export function Devices() {
  const { t } = useLingui()
  const format = useFormat()
  const { viewer, trouble, again, busy: asking } = useViewer(AppDevices, {})
  const one = useAct(AppEndSession)
  const others = useAct(AppEndOtherSessions)
  const wrong = one.trouble ?? others.trouble
  return (
    <Screen title={t`Devices`} back={home} trouble={wrong} lead={<Trans>Where you are signed in now. Sign out what you do not use or do not know.</Trans>}>
      {(trouble || !viewer) && <NotYet trouble={trouble} again={again} busy={asking} />}
      {viewer && (
        <Card>
          <Lines>
            {viewer.sessions.map((session) => (
              <View key={session.id} style={{ gap: 6 }}>
                <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: 6, alignItems: 'center' }}>
                  <P strong>{session.label}</P>
                  {session.isCurrent && <Tag tone="good">{t`this one`}</Tag>}
                  {session.kind === 'NATIVE' && <Tag>{t`app`}</Tag>}
                </View>
                <P soft small>{[programOf(session.userAgent), placeOf(session.place, format)].filter(Boolean).join('\u00a0· ')}</P>
                <P soft small><Trans>Last used {format.dateTime(session.lastSeenAt)}; ends by itself {format.dateTime(session.expiresAt)}.</Trans></P>
                {!session.isCurrent && <Button small label={t`Sign out`} name={`${t`Sign out`}: ${session.label}`} busy={one.busy} onPress={() => one.act({ id: session.id })} />}
              </View>
            ))}
          </Lines>
          {viewer.sessions.length > 1 && <Button tone="danger" label={t`Sign out all others`} busy={others.busy} onPress={() => others.act({})} />}
        </Card>
      )}
    </Screen>
  )
}
