import { useEffect } from 'react'
import { arrive, asPlace, onGo } from './place.ts'

const shown = () => asPlace(location.hash.slice(2))

/** The browser's address names the screen, and its way back works. */
export function useWayBack(): void {
  useEffect(() => {
    const follow = () => arrive(shown())
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
