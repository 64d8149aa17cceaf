import { Trans, useLingui } from '@lingui/react/macro'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useFormat } from '../../shared/format.ts'

type To = NonNullable<LinkProps['to']>

export function Nav({ unread }: { unread: number }) {
  const { t } = useLingui()
  const format = useFormat()
  const parts: [title: string, links: [to: To, name: ReactNode][]][] = [
    [t`You`, [['/', t`Overview`], ['/profile', t`My profile`], ['/people', t`Related persons`], ['/payment-methods', t`Payment methods`]]],
    [t`Safety`, [['/sign-ins', t`Sign-in history`], ['/devices', t`Devices`], ['/security', t`Signing in`]]],
    [t`Privacy`, [
      ['/data', t`What we hold`], ['/activity', t`Who looked`], ['/copies', t`Copies of my data`], ['/requests', t`Requests`],
      ['/complaints', t`Complaints`], ['/agreement', t`My policy`],
    ]],
    [t`More`, [
      ['/messages', <>{t`Messages`}{unread > 0 && <span className="badge">{format.number(unread)}<span className="hidden"> <Trans>unread</Trans></span></span>}</>],
      ['/preferences', t`Preferences`], ['/delete', t`Delete my profile`],
    ]],
  ]
  return (
    <nav className="nav" aria-label={t`Pages`}>
      {parts.map(([title, links]) => (
        <div key={title}>
          <h2>{title}</h2>
          <ul>
            {links.map(([to, name]) => (
              <li key={to}><Link to={to} activeOptions={{ exact: to === '/' }} activeProps={{ 'aria-current': 'page' }}>{name}</Link></li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
