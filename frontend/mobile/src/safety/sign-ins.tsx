import { Trans, useLingui } from '@lingui/react/macro'
import { View } from 'react-native'
import { usePages } from '../api/queries.ts'
import { useFormat } from '../format.ts'
import { home } from '../frame/place.ts'
import { AppSignIns } from '../gql/documents.ts'
import type { AppSignInsQuery, SignInMethod, SignInOutcome } from '../gql/types.ts'
import { Button } from '../ui/button.tsx'
import { Card, Lines, NotYet, Tag } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { P } from '../ui/text.tsx'
import { NotMe } from './not-me.tsx'
import { placeOf, programOf } from './places.ts'

type Viewer = NonNullable<AppSignInsQuery['viewer']>
type Row = Viewer['signIns']['nodes'][number]

/** Every attempt to sign in, as recorded (clause 1.2). */
export function SignIns() {
  const { t } = useLingui()
  const { nodes, more, busy, trouble, again } = usePages(AppSignIns, (viewer: Viewer) => viewer.signIns)
  return (
    <Screen title={t`Sign-in history`} back={home} lead={<Trans>Each attempt to sign in to your account: when, from where, with what. After 180 days the address is shortened, after 365 days the record is gone.</Trans>}>
      {nodes && (
        <Card>
          {nodes.length === 0 ? <P><Trans>No attempt is recorded.</Trans></P> : <Lines>{nodes.map((one) => <Attempt key={one.id} row={one} />)}</Lines>}
          {more && <Button label={t`Show more`} busy={busy} onPress={more} />}
        </Card>
      )}
      {(!nodes || trouble) && <NotYet trouble={trouble} again={nodes && more ? more : again} busy={busy} />}
    </Screen>
  )
}

function Attempt({ row }: { row: Row }) {
  const { t } = useLingui()
  const format = useFormat()
  const outcomes: Record<SignInOutcome, string> = {
    SUCCEEDED: t`signed in`, WRONG_CREDENTIALS: t`wrong password`, SECOND_FACTOR_FAILED: t`second factor failed`, THROTTLED: t`stopped: too many tries`,
    BLOCKED: t`blocked`, CLOSED: t`account closed`,
  }
  const methods: Record<SignInMethod, string> = { PASSWORD: t`password`, PASSKEY: t`passkey`, TOTP: t`app code`, RECOVERY_CODE: t`recovery code` }
  const place = placeOf(row.place, format)
  return (
    <View style={{ gap: 6 }}>
      <P strong>{format.dateTime(row.at)}{row.count > 1 && `\u00a0· ${row.count}×`}</P>
      <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: 6 }}>
        <Tag tone={row.outcome === 'SUCCEEDED' ? 'good' : 'warn'}>{outcomes[row.outcome]}</Tag>
        {row.isNewDevice && <Tag tone="warn">{t`new device`}</Tag>}
        {row.reportedAt && <Tag tone="bad">{t`you said: not me`}</Tag>}
        {row.session?.isCurrent && <Tag>{t`this device`}</Tag>}
      </View>
      <P soft small>{[methods[row.method], programOf(row.userAgent)].filter(Boolean).join('\u00a0· ')}</P>
      <P soft small>{place ? <Trans>{place} (estimated)</Trans> : <Trans>place unknown</Trans>}{row.ip && `\u00a0· ${row.ip}`}{row.ipPrecision === 'NETWORK' && <> <Trans>(shortened)</Trans></>}</P>
      {row.outcome === 'SUCCEEDED' && !row.reportedAt && <NotMe id={row.id} at={row.at} />}
    </View>
  )
}
