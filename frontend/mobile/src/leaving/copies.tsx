import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { View } from 'react-native'
import { useAct, useViewer } from '../api/queries.ts'
import { useFormat } from '../format.ts'
import { home } from '../frame/place.ts'
import { AppCopies, AppRequestExport } from '../gql/documents.ts'
import type { ExportStatus } from '../gql/types.ts'
import { Button } from '../ui/button.tsx'
import { Card, Lines, NotYet, Note, Tag } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { P } from '../ui/text.tsx'
import { Download } from './download.tsx'

/** A copy of everything: asked for, made by the worker while one does something else, fetched once. */
export function Copies() {
  const { t } = useLingui()
  const format = useFormat()
  const [fetched, setFetched] = useState<string>() // its last byte is here; that it was sent the server notes a moment later
  const { viewer, trouble, again, busy: asking } = useViewer(AppCopies, {}, ({ exports }) => {
    if (exports.some((one) => one.id === fetched && one.status === 'READY')) return 500
    return exports.some((one) => one.status === 'REQUESTED') ? 3000 : false
  })
  const { act, busy, trouble: wrong } = useAct(AppRequestExport)
  const states: Record<ExportStatus, string> = { REQUESTED: t`being made`, READY: t`ready`, DOWNLOADED: t`fetched`, EXPIRED: t`gone` }
  const waits = viewer?.security.coolingOffUntil
  return (
    <Screen title={t`Copies of my data`} back={home} trouble={wrong} lead={<Trans>Everything we hold about you in one archive: pages for you to read, data for a program, and a signature that proves it came from us.</Trans>}>
      {waits && <Note tone="warn"><P><Trans>A contact, password or factor changed lately. No copy is made until {format.dateTime(waits)}: a thief could take it.</Trans></P></Note>}
      {(trouble || !viewer) && <NotYet trouble={trouble} again={again} busy={asking} />}
      {viewer && (
        <>
          <Button tone="main" label={t`Ask for a copy`} busy={busy} onPress={() => act({})} />
          <Card>
            {viewer.exports.length === 0 ? <P soft><Trans>You have not asked for a copy. It is usually ready within minutes; you may leave: we write to you.</Trans></P> : (
              <Lines>
                {viewer.exports.map((one) => (
                  <View key={one.id} style={{ gap: 8 }}>
                    <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: 6, alignItems: 'center' }}>
                      <P strong><Trans>Asked for {format.dateTime(one.requestedAt)}</Trans></P>
                      <Tag tone={one.status === 'READY' ? 'good' : 'plain'}>{states[one.status]}</Tag>
                    </View>
                    {one.status === 'REQUESTED' && <P soft small><Trans>We are making it; at the latest by {format.dateTime(one.dueAt)}. You may leave: we write to you when it is ready.</Trans></P>}
                    {one.status === 'READY' && one.expiresAt && <P soft small><Trans>To be fetched until {format.dateTime(one.expiresAt)}, once.</Trans></P>}
                    {one.status === 'READY' && one.downloadUrl && <Download url={one.downloadUrl} bytes={one.bytes} provenUntil={viewer.security.steppedUpUntil} fetched={() => setFetched(one.id)} />}
                  </View>
                ))}
              </Lines>
            )}
          </Card>
        </>
      )}
    </Screen>
  )
}
