import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { asking, useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Button } from '../../shared/ui/form.tsx'
import { Card, Facts, Note, Page } from '../../shared/ui/parts.tsx'
import { ChangeEmail } from './change-email.tsx'
import { EditProfile } from './edit-profile.tsx'
import { PersonalCode } from './personal-code.tsx'

export const ProfileParts = graphql(`
  fragment Profile_Profile on Profile {
    givenName familyName birthdate phoneNumber email emailVerifiedAt revision updatedAt
    personalCode { country masked }
    address { streetAddress locality region postalCode country }
    pendingEmail { email expiresAt }
  }
`)
const ProfilePage = graphql(`
  query ProfilePage { viewer { id profile { ...Profile_Profile } } }
`)

export function Profile() {
  const { t } = useLingui()
  const format = useFormat()
  const { viewer } = useAsk(ProfilePage, {})
  const [editing, edit] = useState(false)
  const [saved, setSaved] = useState(false)
  if (!viewer) return null
  const { profile } = viewer
  const { address } = profile
  return (
    <Page
      title={t`My profile`}
      lead={<Trans>What you gave us so that we know who our contract is with and can reach you. Last changed {format.relative(profile.updatedAt)}.</Trans>}
      actions={!editing && <Button tone="main" onPress={() => { setSaved(false); edit(true) }}><Trans>Edit</Trans></Button>}
    >
      {saved && <Note tone="good" live><p><Trans>Saved. The old values stay for a while under <Link to="/profile/history">Old values</Link>.</Trans></p></Note>}
      <Card title={<Trans>About you</Trans>}>
        {editing ? (
          <EditProfile profile={profile} done={(changed) => { setSaved(changed); edit(false) }} />
        ) : (
          <Facts facts={[
            [t`Given and family name`, `${profile.givenName} ${profile.familyName}`],
            profile.personalCode ? [t`Personal code`, <PersonalCode masked={profile.personalCode.masked} key="code" />] : [t`Date of birth`, profile.birthdate && format.date(profile.birthdate)],
            [t`Address`, <>{[address.streetAddress, address.locality, address.region, address.postalCode].filter(Boolean).join(', ')}<br />{format.country(address.country)}</>],
            [t`Phone number`, profile.phoneNumber],
          ]} />
        )}
      </Card>
      <ChangeEmail email={profile.email} verifiedAt={profile.emailVerifiedAt} pending={profile.pendingEmail} />
      <p><Link to="/profile/history"><Trans>Old values, and how to have them back</Trans></Link></p>
    </Page>
  )
}
Profile.before = asking(ProfilePage, {})
