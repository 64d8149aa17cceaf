import { Linking, Platform, Text } from 'react-native'
import { SERVER } from '../api/server.ts'
import { useColours } from './look.ts'

/** To what the app leaves to the website. */
export function WebsiteLink({ path, label }: { path: string; label: string }) {
  const colours = useColours()
  const url = `${SERVER}${path}`
  const opened = Platform.OS === 'web' ? { href: url } : { onPress: () => void Linking.openURL(url) }
  return <Text role="link" {...opened} style={{ color: colours.accent, fontSize: 16, lineHeight: 24, paddingVertical: 10, textDecorationLine: 'underline' }}>{label}</Text>
}
