import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { View } from 'react-native'
import { useFormat } from '../format.ts'
import { go } from '../frame/place.ts'
import type { AppOverviewQuery } from '../gql/types.ts'
import { instant } from '../instant.ts'
import { Button } from '../ui/button.tsx'
import { Lines } from '../ui/parts.tsx'
import { P } from '../ui/text.tsx'
import { WebsiteLink } from '../ui/website-link.tsx'

const WEEK = 7 * 86_400_000
const isRecent = (at: string) => Date.now() - instant(at) < WEEK

/** What waits for the customer, the most pressing first. */
export function Attention({ viewer: { policyStanding, security, exports, signIns } }: { viewer: NonNullable<AppOverviewQuery['viewer']> }) {
  const { t } = useLingui()
  const format = useFormat()
  const [, ...before] = signIns.nodes
  const strange = before.find((one) => one.isNewDevice && !one.reportedAt && isRecent(one.at))
  const points: ReactNode[] = []
  const point = (key: string, said: ReactNode, way?: ReactNode) => points.push(<View key={key} style={{ gap: 8 }}><P>{said}</P>{way}</View>)
  if (policyStanding.pending) point('policy', <Trans>A new version of the privacy policy comes into force on {format.date(policyStanding.pending.validFrom)}. Read it and answer on our website.</Trans>, <WebsiteLink path="/agreement" label={t`Read what changes`} />)
  if (strange) point('new', <Trans>Somebody signed in from a new device: {format.dateTime(strange.at)}. Was it you?</Trans>, <Button label={t`Look at it`} onPress={() => go('sign-ins')} />)
  if (exports.some((one) => one.status === 'READY')) point('copy', <Trans>Your copy is ready to download.</Trans>, <Button label={t`Download it`} onPress={() => go('copies')} />)
  if (security.coolingOffUntil) point('cool', <Trans>A contact, password or factor changed lately: no copy is handed out until {format.dateTime(security.coolingOffUntil)}.</Trans>)
  return points.length === 0 ? <P><Trans>Nothing. All is well.</Trans></P> : <Lines>{points}</Lines>
}
