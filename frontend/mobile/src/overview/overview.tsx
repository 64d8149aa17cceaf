import { Trans, useLingui } from '@lingui/react/macro'
import { Pressable, Text, View } from 'react-native'
import { useAct, useViewer } from '../api/queries.ts'
import { useFormat } from '../format.ts'
import type { Place } from '../frame/place.ts'
import { wayTo } from '../frame/where'
import { AppOverview, AppSignOut } from '../gql/documents.ts'
import { signedOut } from '../session.ts'
import { Button } from '../ui/button.tsx'
import { useColours } from '../ui/look.ts'
import { Card, Lines, NotYet, Note, Tag } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { P } from '../ui/text.tsx'
import { Attention } from './attention.tsx'

export function Overview() {
  const { t } = useLingui()
  const format = useFormat()
  const { viewer, trouble, again, busy: asking } = useViewer(AppOverview, {})
  const out = useAct(AppSignOut, { last: true })
  if (!viewer) return <Screen title={t`Overview`}><NotYet trouble={trouble} again={again} busy={asking} /></Screen>
  return (
    <Screen title={t`Hello, ${viewer.profile.givenName}`} trouble={out.trouble} lead={<Trans>Customer {viewer.number}, with us since {format.date(viewer.createdAt)}.</Trans>}>
      {trouble && <NotYet trouble={trouble} again={again} busy={asking} />}
      {viewer.state === 'RESTRICTED' && <Note tone="warn" title={t`Processing of your account is restricted.`}><P><Trans>As you asked for: we store your data and do nothing else with it until you lift the restriction on our website.</Trans></P></Note>}
      <Card title={t`What needs you`}><Attention viewer={viewer} /></Card>
      <Ways />
      <Card title={t`Next dates`}>
        {viewer.obligations.length === 0 ? <P soft><Trans>Nothing is due. Dates that the policy sets for your account appear here.</Trans></P> : (
          <Lines>
            {viewer.obligations.slice(0, 8).map((one) => (
              <View key={one.id}>
                <P strong>{one.title}</P>
                <P soft small>{format.date(one.dueAt)}&nbsp;· <Trans>clause {one.clause}</Trans></P>
              </View>
            ))}
          </Lines>
        )}
      </Card>
      <Card title={t`Your services`}>
        {viewer.services.length === 0 ? <P soft><Trans>You have no service with us.</Trans></P> : (
          <Lines>
            {viewer.services.map((one) => (
              <View key={one.id} style={{ flexDirection: 'row', flexWrap: 'wrap', gap: 8, justifyContent: 'space-between', alignItems: 'center' }}>
                <View><P strong>{one.name}</P><P soft small><Trans>since {format.date(one.startedAt)}</Trans></P></View>
                {one.endedAt ? <Tag>{t`ended ${format.date(one.endedAt)}`}</Tag> : <Tag tone="good">{t`running`}</Tag>}
              </View>
            ))}
          </Lines>
        )}
      </Card>
      <Button label={t`Sign out`} busy={out.busy} onPress={async () => { if (await out.act({})) await signedOut() }} />
    </Screen>
  )
}

/** The other screens. */
function Ways() {
  const { t } = useLingui()
  const colours = useColours()
  const ways: [Place, string][] = [
    ['profile', t`My profile`], ['sign-ins', t`Sign-in history`], ['devices', t`Devices`], ['preferences', t`Preferences`], ['copies', t`Copies of my data`],
    ['delete', t`Delete my profile`],
  ]
  return (
    <View role="navigation" aria-label={t`Your account`} style={{ backgroundColor: colours.surface, borderColor: colours.line, borderWidth: 1, borderRadius: 12, overflow: 'hidden' }}>
      {ways.map(([place, name], index) => (
        <Pressable
          key={place} role="link" aria-label={name} {...wayTo(place)}
          style={({ pressed }) => ({
            flexDirection: 'row', justifyContent: 'space-between', alignItems: 'center', minHeight: 52, paddingHorizontal: 16, paddingVertical: 12,
            borderTopWidth: index > 0 ? 1 : 0, borderColor: colours.line, backgroundColor: pressed ? colours.sunk : 'transparent',
          })}
        >
          <Text style={{ color: place === 'delete' ? colours.bad : colours.ink, fontSize: 16, fontWeight: '500', flexShrink: 1 }}>{name}</Text>
          <Text style={{ color: colours.soft, fontSize: 18 }}>›</Text>
        </Pressable>
      ))}
    </View>
  )
}
