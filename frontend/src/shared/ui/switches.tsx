import { Trans, useLingui } from '@lingui/react/macro'
import { tell } from '../api/connection.ts'
import { LANGUAGES, type Language, speak } from '../i18n.ts'
import { type Theme, useTheme, wear } from '../theme.ts'

/** The other language, by its own name. */
export function LanguageSwitch({ chosen }: { chosen?: (language: Language) => void }) {
  const { i18n } = useLingui()
  const other: Language = i18n.locale === 'lv' ? 'en' : 'lv'
  return (
    <button type="button" className="link" lang={other} onClick={() => { speak(other).catch(() => tell(false)); chosen?.(other) }}>{LANGUAGES[other]}</button>
  )
}

export function ThemeSwitch({ chosen }: { chosen?: (theme: Theme) => void }) {
  const { t } = useLingui()
  const theme = useTheme()
  const names: Record<Theme, string> = { system: t`Automatic`, light: t`Light`, dark: t`Dark` }
  return (
    <label className="theme-switch">
      <span className="hidden"><Trans>Appearance</Trans></span>
      <select value={theme} onChange={(event) => { const now = event.currentTarget.value as Theme; wear(now); chosen?.(now) }}>
        {Object.entries(names).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </label>
  )
}
