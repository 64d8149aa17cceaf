import { useEffect } from 'react'
import type { SetPreferencesInput, WhoIsInQuery } from '../../gql/customer/graphql.ts'
import { tell } from '../../shared/api/connection.ts'
import { liveIn } from '../../shared/format.ts'
import { speak } from '../../shared/i18n.ts'
import { choose, cookieChoice } from '../../shared/keep.ts'
import { type Theme, wear } from '../../shared/theme.ts'

type Liked = NonNullable<WhoIsInQuery['viewer']>['preferences']

const speakIn = (locale: Liked['locale']) => speak(locale === 'LV' ? 'lv' : 'en').catch(() => tell(false))

/** The appearance, the time zone and the language a customer likes, on whichever device. */
export function like({ theme, timeZone, locale }: Liked): Promise<void> {
  wear(theme.toLowerCase() as Theme)
  liveIn(timeZone)
  return speakIn(locale)
}

/** The same when it changes meanwhile; and the choice of cookies, wherever it was made first. */
export function useLiked({ locale, theme, timeZone, cookies }: Liked, keep: (variables: { input: SetPreferencesInput }) => Promise<unknown>) {
  useEffect(() => void speakIn(locale), [locale])
  useEffect(() => wear(theme.toLowerCase() as Theme), [theme])
  useEffect(() => liveIn(timeZone), [timeZone])
  const { decidedAt } = cookies
  useEffect(() => {
    const here = cookieChoice()
    if (decidedAt) choose({ preferences: cookies.preferences, statistics: cookies.statistics, advertising: cookies.advertising })
    else if (here) void keep({ input: { cookies: here } })
  }, [decidedAt, cookies.preferences, cookies.statistics, cookies.advertising, keep])
}
