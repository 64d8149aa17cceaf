import { useEffect } from 'react'
import { useViewer } from '../api/queries.ts'
import { liveIn } from '../format.ts'
import { AppOverview } from '../gql/documents.ts'
import { speak } from '../i18n.ts'
import { tellWho } from '../session.ts'
import { wear } from '../ui/look.ts'

/** The appearance, the time zone and the language a customer likes, on whichever device and screen. */
export function useLiked(): void {
  const { viewer } = useViewer(AppOverview, {})
  const { theme, timeZone, locale } = viewer?.preferences ?? {}
  useEffect(() => { if (viewer) tellWho(viewer.id) }, [viewer])
  useEffect(() => { if (theme) wear(theme) }, [theme])
  useEffect(() => { if (timeZone) liveIn(timeZone) }, [timeZone])
  useEffect(() => { if (locale) speak(locale === 'LV' ? 'lv' : 'en') }, [locale])
}
