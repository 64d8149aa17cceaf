import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { graphql } from '../../gql/customer'
import { troubleOf } from '../../shared/api/ask.ts'
import { useAskLater } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Field, PlainForm } from '../../shared/ui/form.tsx'
import { Card, Facts, Note, Page } from '../../shared/ui/parts.tsx'
import { Remains } from '../leaving/remains.tsx'

const CertificateOf = graphql(`
  query CertificateOf($code: String!) {
    erasureCertificate(code: $code) {
      number closedAt erasedAt verifiedAt lastCopyGoneBy document signature keyId
      remains { title basis until }
    }
  }
`)

/** The proof of an erasure, for whoever holds the code handed out when the account was closed. */
export function Certificate() {
  const { t } = useLingui()
  const format = useFormat()
  const go = useNavigate()
  const { code } = useSearch({ from: '/outside/certificate' })
  const { data, asking, error } = useAskLater(CertificateOf, { code: code ?? '' }, Boolean(code))
  const found = data?.erasureCertificate
  return (
    <Page title={t`Proof of erasure`} lead={<Trans>When an account is deleted its owner gets a code. Once everything is erased and checked, the code opens a signed certificate without personal data.</Trans>}>
      <Card>
        <PlainForm
          busy={asking} submit={<Trans>Show the certificate</Trans>} trouble={error ? troubleOf(error) : undefined}
          onSubmit={(fields) => void go({ to: '/certificate', search: { code: fields.text('code') } })}
        >
          <Field name="code" label={t`Code`} isRequired autoComplete="off" defaultValue={code ?? ''} key={code} />
        </PlainForm>
        {code && data && !found && <Note tone="warn" live><p><Trans>There is no certificate for this code, or not yet: the account may be closed and still wait for its erasure.</Trans></p></Note>}
      </Card>
      {found && (
        <>
          <Card title={<Trans>Certificate {found.number}</Trans>}>
            <Facts facts={[
              [t`Account closed`, format.dateTime(found.closedAt)],
              [t`Everything erased`, format.dateTime(found.erasedAt)],
              [t`Checked by a search of every table and file`, format.dateTime(found.verifiedAt)],
              [t`Last backup gone by`, format.date(found.lastCopyGoneBy)],
            ]} />
          </Card>
          <Card title={<Trans>What remains, and why</Trans>}><Remains remains={found.remains} /></Card>
          <Card title={<Trans>For checking it</Trans>}>
            <Facts facts={[[t`Document`, <code key="d">{found.document}</code>], [t`Signature`, <code key="s">{found.signature}</code>], [t`Key`, <code key="k">{found.keyId}</code>]]} />
          </Card>
        </>
      )}
    </Page>
  )
}
