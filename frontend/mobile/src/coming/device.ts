import { Platform } from 'react-native'

/** How this device is named in the list of devices, until its owner gives it another name. */
export function deviceName(): string {
  if (Platform.OS === 'ios') return Platform.isPad ? 'iPad' : 'iPhone'
  if (Platform.OS === 'android') return `${Platform.constants.Brand} ${Platform.constants.Model}`
  return 'App in a browser'
}
