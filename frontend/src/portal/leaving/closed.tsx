import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { useFormat } from '../../shared/format.ts'
import { Card, Facts, Note, Page, When } from '../../shared/ui/parts.tsx'
import { toldClosure } from '../coming/closure.ts'
import { Remains } from './remains.tsx'

/** A closed account, to its owner: what remains, until when, and how to have it back. */
export function Closed() {
  const { t } = useLingui()
  const format = useFormat()
  const told = toldClosure()
  if (!told) {
    return (
      <Page narrow title={t`Closed account`}>
        <p><Trans>To see what remains of a closed account and until when, <Link to="/sign-in">sign in</Link> with its e-mail address and password.</Trans></p>
      </Page>
    )
  }
  const { closure, code } = told
  return (
    <Page title={code ? t`Your account is closed` : t`This account is closed`} lead={<Trans>Nobody can sign in to it any more. We erase it on {format.date(closure.eraseAt)}; never later than {format.date(closure.eraseBy)}, on any server.</Trans>}>
      {code && (
        <Note tone="good" title={<Trans>Keep this code</Trans>}>
          <p className="code big">{code}</p>
          <p><Trans>With it you can ask for the proof of your erasure, without an account. It is in our letter too, and we show it only now.</Trans></p>
          <p><Link to="/certificate" search={{ code }}><Trans>Where to use it</Trans></Link></p>
        </Note>
      )}
      <Card title={<Trans>When</Trans>}>
        <Facts facts={[
          [t`Closed`, <><When exact at={closure.closedAt} key="at" /> {closure.by === 'CUSTOMER' ? t`by you` : t`by us`}</>],
          ...(closure.reason ? [[t`Why`, <>{closure.reason}{closure.termsClause && <> ({closure.termsClause})</>}</>] as [string, React.ReactNode]] : []),
          [t`We erase it on`, format.dateTime(closure.eraseAt)],
          [t`Never later than`, format.dateTime(closure.eraseBy)],
        ]} />
      </Card>
      <Card title={<Trans>What remains, and why</Trans>}><Remains remains={closure.remains} /></Card>
      {closure.requests.length > 0 && (
        <Card title={<Trans>Your requests at the office</Trans>}>
          <Facts facts={closure.requests.map((one) => [one.number, <Trans key="due">due {format.date(one.dueAt)}</Trans>])} />
        </Card>
      )}
      <Card title={<Trans>If you change your mind</Trans>}><p>{closure.howToRestore}</p></Card>
    </Page>
  )
}
