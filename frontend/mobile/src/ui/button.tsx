import { ActivityIndicator, Pressable, Text } from 'react-native'
import { useColours } from './look.ts'

interface ButtonProps {
  label: string
  onPress: () => unknown
  tone?: 'main' | 'quiet' | 'plain' | 'danger'
  busy?: boolean
  disabled?: boolean
  small?: boolean
  /** What a screen reader says, where the label alone says too little. */
  name?: string
}

export function Button({ label, onPress, tone = 'quiet', busy = false, disabled = false, small = false, name }: ButtonProps) {
  const colours = useColours()
  const ink = { main: colours.onAccent, quiet: colours.accent, plain: colours.accent, danger: colours.onBad }[tone]
  const ground = { main: colours.accent, quiet: colours.accentWash, plain: 'transparent', danger: colours.bad }[tone]
  return (
    <Pressable
      role="button" aria-label={name ?? label} aria-busy={busy} aria-disabled={disabled} disabled={disabled} onPress={() => { if (!busy) onPress() }}
      style={({ pressed }) => ({
        minHeight: small ? 44 : 48, alignSelf: small ? 'flex-start' : 'stretch', borderRadius: 10, paddingHorizontal: 16, paddingVertical: small ? 8 : 10, flexDirection: 'row', gap: 8, alignItems: 'center', justifyContent: 'center',
        backgroundColor: disabled ? colours.sunk : ground, opacity: pressed ? 0.75 : 1,
      })}
    >
      {busy && <ActivityIndicator testID="busy" size="small" color={ink} />}
      <Text style={{ color: disabled ? colours.soft : ink, fontSize: small ? 15 : 16, fontWeight: '600', textAlign: 'center', flexShrink: 1 }}>{label}</Text>
    </Pressable>
  )
}
