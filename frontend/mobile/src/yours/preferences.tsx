import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect } from 'react'
import { useViewer } from '../api/queries.ts'
import { home } from '../frame/place.ts'
import { AppPreferences } from '../gql/documents.ts'
import type { AdTopic, Locale, Theme } from '../gql/types.ts'
import { speak } from '../i18n.ts'
import { Radios, Tick } from '../ui/fields.tsx'
import { wear } from '../ui/look.ts'
import { Card, NotYet } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { H2, P } from '../ui/text.tsx'
import { useChoosing } from './choosing.ts'

/** Each choice counts at once: there is no button to forget. The app keeps no cookies, so there are none to choose. */
export function Preferences() {
  const { t } = useLingui()
  const { viewer, trouble, again, busy: asking } = useViewer(AppPreferences, {})
  const { ahead, set, trouble: wrong } = useChoosing()
  const now = viewer && ({ ...viewer.preferences, ...ahead } as typeof viewer.preferences)
  const [theme, locale] = [now?.theme, now?.locale]
  useEffect(() => { if (theme) wear(theme) }, [theme])
  useEffect(() => { if (locale) speak(locale === 'LV' ? 'lv' : 'en') }, [locale])
  const topics: Record<AdTopic, string> = { HOSTING: t`Hosting`, DOMAINS: t`Domains`, EMAIL: t`E-mail`, SECURITY: t`Security`, DEVELOPER_TOOLS: t`Tools for developers` }
  return (
    <Screen title={t`Preferences`} back={home} trouble={wrong} lead={<Trans>Every choice counts at once and can be taken back as easily.</Trans>}>
      {(trouble || !now) && <NotYet trouble={trouble} again={again} busy={asking} />}
      {now && (
        <>
          <Card title={t`Language and appearance`}>
            <Radios label={t`Language of pages and letters`} value={now.locale} change={(chosen) => set({ locale: chosen as Locale })} options={[['EN', 'English'], ['LV', 'Latviešu']]} />
            <Radios label={t`Appearance`} value={now.theme} change={(chosen) => set({ theme: chosen as Theme })} options={[['SYSTEM', t`Automatic`], ['LIGHT', t`Light`], ['DARK', t`Dark`]]} />
          </Card>
          <Card title={t`What we may send and show you`}>
            <Tick label={t`News by e-mail`} hint={t`At most a few a month; each has a link to stop them.`} value={now.newsByEmail} change={(newsByEmail) => set({ newsByEmail })} />
            <Tick label={t`Content chosen for me`} hint={t`Chosen by the services you have.`} value={now.personalisedContent} change={(personalisedContent) => set({ personalisedContent })} />
            <Tick label={t`Offers chosen for me`} hint={t`Ours only, by the topics below; nobody else learns of it.`} value={now.personalisedAds} change={(personalisedAds) => set({ personalisedAds })} />
            <H2>{t`Topics that interest me`}</H2>
            {(Object.entries(topics) as [AdTopic, string][]).map(([topic, name]) => (
              <Tick key={topic} label={name} value={now.adTopics.includes(topic)} change={(on) => set({ adTopics: on ? [...now.adTopics, topic] : now.adTopics.filter((one) => one !== topic) })} />
            ))}
          </Card>
          <P soft small><Trans>The app keeps no cookies and measures nothing: there is nothing to choose here. Those of the website are chosen there.</Trans></P>
        </>
      )}
    </Screen>
  )
}
