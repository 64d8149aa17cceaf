import type { PropsWithChildren } from 'react'
import { type StyleProp, Text, type TextStyle } from 'react-native'
import { useColours } from './look.ts'

type Props = PropsWithChildren<{ soft?: boolean; strong?: boolean; small?: boolean; style?: StyleProp<TextStyle> }>

/** Words. */
export function P({ soft, strong, small, style, children }: Props) {
  const colours = useColours()
  return <Text style={[{ color: soft ? colours.soft : colours.ink, fontSize: small ? 14 : 16, lineHeight: small ? 20 : 24, fontWeight: strong ? '600' : '400' }, style]}>{children}</Text>
}

/** The title of a part of a screen. */
export function H2({ children }: PropsWithChildren) {
  const colours = useColours()
  return <Text role="heading" aria-level={2} style={{ color: colours.ink, fontSize: 18, lineHeight: 26, fontWeight: '600' }}>{children}</Text>
}
