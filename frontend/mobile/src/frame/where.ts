import { useEffect } from 'react'
import { BackHandler } from 'react-native'
import { go, place } from './place.ts'

/** Android's own way back leads to the overview, and from there out of the app. */
export function useWayBack(): void {
  useEffect(() => {
    const bound = BackHandler.addEventListener('hardwareBackPress', () => {
      if (place() === 'overview') return false
      go('overview')
      return true
    })
    return () => bound.remove()
  }, [])
}
