import { useSyncExternalStore } from 'react'

/** Room for the navigation beside the page; a phone does not make what it would only hide. */
const room = window.matchMedia('(min-width: 60.01rem)')

function listen(listener: () => void) {
  room.addEventListener('change', listener)
  return () => room.removeEventListener('change', listener)
}

export const useWide = () => useSyncExternalStore(listen, () => room.matches)
