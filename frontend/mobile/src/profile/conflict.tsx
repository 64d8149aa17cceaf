import { Trans, useLingui } from '@lingui/react/macro'
import { Text, View } from 'react-native'
import { useFormat } from '../format.ts'
import { Button } from '../ui/button.tsx'
import { useColours } from '../ui/look.ts'
import { P } from '../ui/text.tsx'
import { type Held, useHeld } from './held.ts'

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
  const colours = useColours()
  const changed = useHeld().filter(([, of]) => of(began) !== of(theirs))
  return (
    <View role="alert" aria-live="assertive" testID="conflict" style={{ backgroundColor: colours.warnWash, borderRadius: 12, padding: 16, gap: 12 }}>
      <Text style={{ color: colours.warn, fontSize: 16, lineHeight: 24, fontWeight: '600' }}><Trans>Your profile was changed elsewhere while you were typing: {format.dateTime(theirs.updatedAt)}.</Trans></Text>
      {changed.map(([name, of]) => (
        <View key={name}>
          <P soft small>{name}</P>
          <P><Text style={{ textDecorationLine: 'line-through' }}>{of(began) || '—'}</Text> → {of(theirs) || '—'}</P>
        </View>
      ))}
      <P><Trans>What you typed here is still in the form. Keep both: then only what you changed yourself replaces what is held.</Trans></P>
      <Button label={t`Keep both, then save`} onPress={keepBoth} />
      <Button tone="plain" label={t`Keep theirs only`} onPress={keepTheirs} />
    </View>
  )
}
