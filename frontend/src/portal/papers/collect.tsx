import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { useFormat } from '../../shared/format.ts'
import { ActForm, Field } from '../../shared/ui/form.tsx'
import { Card, Note, Page } from '../../shared/ui/parts.tsx'

const CollectCopy = graphql(`
  mutation CollectCopy($code: String!) {
    collectCopy(code: $code) { ... on CopyReady { __typename export { id bytes sha256 downloadUrl } } ...Refused }
  }
`)

/** For somebody whom the office identified: one download by the code it handed out. */
export function Collect() {
  const { t } = useLingui()
  const format = useFormat()
  const [found, setFound] = useState<{ bytes: number | null; sha256: string | null; downloadUrl: string | null }>()
  return (
    <Page narrow title={t`Collect your copy`} lead={<Trans>Our office gave you a code for a copy of your data. It opens one download; nobody of us stands in between.</Trans>}>
      <Card>
        {found?.downloadUrl ? (
          <Note tone="good" live title={<Trans>Your copy is ready.</Trans>}>
            <p><a className="button main" href={found.downloadUrl} download><Trans>Download {format.bytes(found.bytes ?? 0)}</Trans></a></p>
            <p className="small-text"><Trans>Its SHA-256 is <code>{found.sha256}</code>.</Trans></p>
          </Note>
        ) : (
          <ActForm document={CollectCopy} variables={(fields) => ({ code: fields.text('code') })} done={(done) => setFound(done.export)} submit={<Trans>Open</Trans>}>
            <Field name="code" label={t`Code from the office`} autoComplete="off" isRequired autoFocus />
          </ActForm>
        )}
      </Card>
    </Page>
  )
}
