import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/support'
import { useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFieldNames } from '../../shared/fields.ts'
import { useFormat } from '../../shared/format.ts'
import { Card, Facts } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { useMay } from '../me.ts'
import { useNames } from '../names.ts'
import { Value } from './reveal.tsx'

const RecordProfile = graphql(`
  query RecordProfile($id: ID!, $preferences: Boolean!) {
    customer(id: $id) {
      id
      profile {
        revision emailVerifiedAt
        givenName { ...Masked_Value } familyName { ...Masked_Value } birthdate { ...Masked_Value } personalCode { ...Masked_Value }
        address { ...Masked_Value } phoneNumber { ...Masked_Value } email { ...Masked_Value }
      }
      preferences @include(if: $preferences) { locale timeZone newsByEmail personalisedContent personalisedAds }
      changes { id field by changedAt restorableUntil restoredAt oldValue { ...Masked_Value } newValue { ...Masked_Value } }
    }
  }
`)

export function ProfilePart({ id }: { id: string }) {
  const { t } = useLingui()
  const names = useNames()
  const field = useFieldNames()
  const format = useFormat()
  const record = useAsk(RecordProfile, { id, preferences: useMay('READ_PREFERENCES') }).customer
  if (!record) return null
  const { profile, preferences, changes } = record
  const yes = (on: boolean) => (on ? t`Yes` : t`No`)
  return (
    <>
      <Card id="profile" title={<Trans>Profile</Trans>}>
        <Facts facts={[
          [t`Given name`, <Value key="a" name={t`Given name`} value={profile.givenName} />],
          [t`Family name`, <Value key="b" name={t`Family name`} value={profile.familyName} />],
          [t`Birthdate`, <Value key="c" name={t`Birthdate`} value={profile.birthdate} />],
          [t`Personal code`, <Value key="d" name={t`Personal code`} value={profile.personalCode} />],
          [t`Address`, <Value key="e" name={t`Address`} value={profile.address} />],
          [t`Phone number`, <Value key="f" name={t`Phone number`} value={profile.phoneNumber} />],
          [t`E-mail address`, <Value key="g" name={t`E-mail address`} value={profile.email} />],
          [t`Address confirmed`, profile.emailVerifiedAt ? format.dateTime(profile.emailVerifiedAt) : t`Not yet`],
        ]} />
      </Card>
      {preferences && <Card id="preferences" title={<Trans>Preferences</Trans>}>
        <Facts facts={[
          [t`Language`, preferences.locale === 'LV' ? 'Latviešu' : 'English'],
          [t`Time zone`, preferences.timeZone],
          [t`News by e-mail`, yes(preferences.newsByEmail)],
          [t`Personalised content`, yes(preferences.personalisedContent)],
          [t`Personalised advertising`, yes(preferences.personalisedAds)],
        ]} />
      </Card>}
      {changes.length > 0 && (
        <Card id="changes" title={<Trans>Old values that can still be restored</Trans>}>
          <Table
            caption={t`Old values`} rows={changes}
            columns={[
              { title: t`Field`, head: true, cell: (row) => field(row.field) },
              { title: t`Before`, cell: (row) => <Value name={t`${field(row.field)} before`} value={row.oldValue} /> },
              { title: t`After`, cell: (row) => <Value name={t`${field(row.field)} after`} value={row.newValue} /> },
              { title: t`Changed`, cell: (row) => `${format.dateTime(row.changedAt)}${DOT}${names.actor[row.by]}` },
              { title: t`Restorable until`, cell: (row) => (row.restoredAt ? t`Restored` : format.date(row.restorableUntil)) },
            ]}
          />
        </Card>
      )}
    </>
  )
}
