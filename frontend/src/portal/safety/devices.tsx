import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/customer'
import { asking, useAct, useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { Button } from '../../shared/ui/form.tsx'
import { Card, Page, Tag, When } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { Rename } from './rename.tsx'

const DevicesPage = graphql(`
  query DevicesPage {
    viewer { id sessions { id label kind createdAt lastSeenAt expiresAt isCurrent userAgent { browser os device } place { city country } } }
  }
`)
const EndSession = graphql(`
  mutation EndSession($id: ID!) { endSession(id: $id) { ... on SessionsEnded { __typename endedIds } ...Refused } }
`)
const EndOtherSessions = graphql(`
  mutation EndOtherSessions { endOtherSessions { ... on SessionsEnded { __typename endedIds } ...Refused } }
`)

export function Devices() {
  const { t } = useLingui()
  const format = useFormat()
  const { viewer } = useAsk(DevicesPage, {})
  const one = useAct(EndSession)
  const others = useAct(EndOtherSessions)
  if (!viewer) return null
  const trouble = one.trouble ?? others.trouble
  return (
    <Page title={t`Devices`} lead={<Trans>Where you are signed in now. Sign out what you do not use or do not know.</Trans>}>
      {trouble && <TroubleNote trouble={trouble} />}
      <Card>
        <ul className="lines">
          {viewer.sessions.map((session) => (
            <li key={session.id}>
              <div>
                <p className="line-title">{session.label.replace(' · ', DOT)}{session.isCurrent && <Tag tone="good"><Trans>this one</Trans></Tag>}{session.kind === 'NATIVE' && <Tag><Trans>app</Trans></Tag>}</p>
                <p className="quiet-text small-text">
                  {[[session.userAgent?.browser, session.userAgent?.os].filter(Boolean).join(', '), [session.place?.city, session.place?.country && format.country(session.place.country)].filter(Boolean).join(', ')].filter(Boolean).join(DOT)}
                </p>
                <p className="quiet-text small-text"><Trans>Last used <When at={session.lastSeenAt} />; ends by itself {format.relative(session.expiresAt)}.</Trans></p>
              </div>
              <div className="actions">
                <Rename id={session.id} label={session.label} />
                {!session.isCurrent && <Button small busy={one.busy} aria-label={t`Sign out ${session.label}`} onPress={() => void one.act({ id: session.id })}><Trans>Sign out</Trans></Button>}
              </div>
            </li>
          ))}
        </ul>
        {viewer.sessions.length > 1 && <div className="actions"><Button tone="danger" busy={others.busy} onPress={() => void others.act({})}><Trans>Sign out all others</Trans></Button></div>}
      </Card>
    </Page>
  )
}
Devices.before = asking(DevicesPage, {})
