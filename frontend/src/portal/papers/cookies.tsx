import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/customer'
import type { StoredItemKind } from '../../gql/customer/graphql.ts'
import { asking, useAsk } from '../../shared/api/queries.tsx'
import { choose, useCookieChoice } from '../../shared/keep.ts'
import { Button } from '../../shared/ui/form.tsx'
import { Card, Page, Tag } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'

const Storage = graphql(`
  query Storage { storage { name kind purpose optional life } }
`)

const all = (yes: boolean) => choose({ preferences: yes, statistics: yes, advertising: yes })

/** The register of what a browser may keep for us, and the choice about what is optional. */
export function Cookies() {
  const { t } = useLingui()
  const { storage } = useAsk(Storage, {})
  const choice = useCookieChoice()
  const kinds: Record<StoredItemKind, string> = { COOKIE: t`cookie`, LOCAL_STORAGE: t`local storage`, SESSION_STORAGE: t`session storage` }
  return (
    <Page title={t`What we keep in your browser`} lead={<Trans>This is all of it: each by its name, what it is for and how long it stays. Nobody else puts anything here.</Trans>}>
      <Card title={<Trans>Your choice</Trans>}>
        <p role="status">
          {choice === undefined ? <Trans>You have not chosen yet, so only what signing in needs is kept.</Trans>
            : choice.preferences ? <Trans>You allowed what is optional.</Trans> : <Trans>You refused what is optional.</Trans>}
        </p>
        <div className="actions">
          <Button onPress={() => all(false)}><Trans>Refuse what is optional</Trans></Button>
          <Button onPress={() => all(true)}><Trans>Allow what is optional</Trans></Button>
        </div>
      </Card>
      <Card>
        <Table
          caption={t`What we keep in your browser`}
          columns={[
            { title: t`Name`, head: true, tight: true, cell: (row) => <code>{row.name}</code> },
            { title: t`What for`, cell: (row) => row.purpose },
            { title: t`How long`, cell: (row) => row.life },
            { title: t`Kind`, cell: (row) => <>{kinds[row.kind]} {row.optional ? <Tag tone="warn"><Trans>optional</Trans></Tag> : <Tag><Trans>needed</Trans></Tag>}</> },
          ]}
          rows={storage.map((row) => ({ ...row, id: row.name }))}
        />
      </Card>
    </Page>
  )
}
Cookies.before = asking(Storage, {})
