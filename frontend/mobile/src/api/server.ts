import { Platform } from 'react-native'

const given = process.env.EXPO_PUBLIC_OCTOPUS_SERVER

/** Where the API is: for the web the app's own origin, for a device what its build was told. Throws when a build was told nothing safe. */
function address(): string {
  if (Platform.OS === 'web') return ''
  if (__DEV__) return given ?? (Platform.OS === 'android' ? 'http://10.0.2.2:8000' : 'http://localhost:8000')
  if (!given?.startsWith('https://')) throw new Error('Set EXPO_PUBLIC_OCTOPUS_SERVER to the https address of the service, then build the app.')
  return given
}

export const SERVER = address()
