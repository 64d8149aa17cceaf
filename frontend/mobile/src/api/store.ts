import * as SecureStore from 'expo-secure-store'
import type { Store } from './keeper.ts'

const KEY = 'octopus-tokens'
/** Not while the device is locked, and on no other device, whatever is restored there. */
const options = { keychainAccessible: SecureStore.WHEN_UNLOCKED_THIS_DEVICE_ONLY }

/** The Keychain of iOS, the Keystore of Android. */
export const store: Store = {
  read: () => SecureStore.getItemAsync(KEY, options),
  write: (text) => (text === null ? SecureStore.deleteItemAsync(KEY, options) : SecureStore.setItemAsync(KEY, text, options)),
}
