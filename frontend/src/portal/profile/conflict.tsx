import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useRef } from 'react'
import { Button } from '../../shared/ui/form.tsx'
import { useFormat } from '../../shared/format.ts'
import type { Held } from './edit-profile.tsx'

interface ConflictProps {
  began: Held
  theirs: Held
  keepBoth: () => void
  keepTheirs: () => void
}

/** The profile was changed elsewhere while this form was open: what changed, and the choice. */
export function Conflict({ began, theirs, keepBoth, keepTheirs }: ConflictProps) {
  const { t } = useLingui()
  const format = useFormat()
  const note = useRef<HTMLDivElement>(null)
  useEffect(() => note.current?.focus(), [])
  const line = ({ address: { streetAddress, locality, region, postalCode, country } }: Held) => [streetAddress, locality, region, postalCode, format.country(country)].filter(Boolean).join(', ')
  const values: [string, (held: Held) => string][] = [
    [t`Given name`, (held) => held.givenName],
    [t`Family name`, (held) => held.familyName],
    [t`Date of birth`, (held) => (held.birthdate ? format.date(held.birthdate) : '')],
    [t`Personal code`, (held) => held.personalCode?.masked ?? ''],
    [t`Address`, line],
    [t`Phone number`, (held) => held.phoneNumber],
    [t`E-mail address`, (held) => held.email],
  ]
  const changed = values.filter(([, of]) => of(began) !== of(theirs))
  return (
    <div className="note warn trouble" role="alert" tabIndex={-1} ref={note}>
      <p className="note-title"><Trans>Your profile was changed elsewhere {format.relative(theirs.updatedAt)}, while you were typing.</Trans></p>
      <dl className="facts">
        {changed.map(([name, of]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="diff"><del>{of(began) || '—'}</del><ins>{of(theirs) || '—'}</ins></dd>
          </div>
        ))}
      </dl>
      {changed.length === 0 && <p><Trans>The values are the same as before.</Trans></p>}
      <p><Trans>What you typed here is still in the form. Keep both: then only what you changed yourself replaces what is held.</Trans></p>
      <div className="actions">
        <Button small onPress={keepBoth}><Trans>Keep both, then save</Trans></Button>
        <Button small tone="plain" onPress={keepTheirs}><Trans>Keep theirs only</Trans></Button>
      </div>
    </div>
  )
}
