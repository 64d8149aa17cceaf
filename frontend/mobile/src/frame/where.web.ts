import { useEffect, useEffectEvent } from 'react'
import { arrive, asPlace, onGo, type Place } from './place.ts'

const shown = () => asPlace(location.hash.slice(2))

/** The browser's address names the screen, and its way back works; it answers a question with no. */
export function useWayBack(asked: boolean, no: () => void): void {
  const follow = useEffectEvent(() => {
    if (asked) no()
    arrive(shown())
  })
  useEffect(() => {
    const unbind = onGo((place) => { if (place !== shown()) history.pushState(null, '', `#/${place}`) })
    follow()
    window.addEventListener('popstate', follow)
    window.addEventListener('hashchange', follow)
    return () => {
      unbind()
      window.removeEventListener('popstate', follow)
      window.removeEventListener('hashchange', follow)
    }
  }, [])
}

/** A link as a browser knows it: by keyboard, and in another tab, too. */
export const wayTo = (place: Place) => ({ href: `#/${place}` })
