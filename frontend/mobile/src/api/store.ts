import * as SecureStore from 'expo-secure-store'
import type { Store } from './keeper.ts'

/** Not while the device is locked, and on no other device, whatever is restored there. */
const options = { keychainAccessible: SecureStore.WHEN_UNLOCKED_THIS_DEVICE_ONLY }

/** The Keychain of iOS, the Keystore of Android. */
const under = (key: string): Store => ({
  read: () => SecureStore.getItemAsync(key, options),
  write: (text) => (text === null ? SecureStore.deleteItemAsync(key, options) : SecureStore.setItemAsync(key, text, options)),
})

export const store = under('octopus-tokens')
export const deviceStore = under('octopus-device')
