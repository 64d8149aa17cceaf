import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { graphql } from '../../gql/customer'
import type { MessagesPageQuery } from '../../gql/customer/graphql.ts'
import { askingPages, useAskPages } from '../../shared/api/pages.ts'
import { useAct } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { ActForm, Field } from '../../shared/ui/form.tsx'
import { Card, Empty, Page, Tag } from '../../shared/ui/parts.tsx'
import { More } from '../../shared/ui/table.tsx'

const MessagesPage = graphql(`
  query MessagesPage($after: String) {
    viewer {
      id
      messages(first: 20, after: $after) { nodes { id at kind subject text readAt author { kind name role } } pageInfo { hasNextPage endCursor } }
    }
  }
`)
const talk = (page: MessagesPageQuery) => page.viewer?.messages
const SendMessage = graphql(`
  mutation SendMessage($key: String!, $text: String!) {
    sendMessage(idempotencyKey: $key, text: $text) { ... on MessageSent { __typename sent { id } } ...Refused }
  }
`)
const MarkMessagesRead = graphql(`
  mutation MarkMessagesRead($upTo: ID!) {
    markMessagesRead(upTo: $upTo) { ... on MessagesRead { __typename unreadMessages } ...Refused }
  }
`)

/** One conversation with support, and a copy of every letter we sent. */
export function Messages() {
  const { t } = useLingui()
  const format = useFormat()
  const { nodes, more } = useAskPages(MessagesPage, {}, talk)
  const { act } = useAct(MarkMessagesRead)
  const [key, setKey] = useState(() => crypto.randomUUID())
  const newest = nodes.find((one) => one.kind !== 'FROM_CUSTOMER' && !one.readAt)?.id
  useEffect(() => {
    if (newest) void act({ upTo: newest })
  }, [newest, act])
  return (
    <Page title={t`Messages`} lead={<Trans>Your conversation with us, and a copy of every letter we sent you, without its links.</Trans>}>
      <Card title={<Trans>Write to us</Trans>}>
        <ActForm
          document={SendMessage} anew
          variables={(fields) => ({ key, text: fields.text('text') })}
          done={() => setKey(crypto.randomUUID())}
          submit={<Trans>Send</Trans>}
        >
          <Field name="text" label={t`Your message`} hint={t`Never a card number or a password: nobody of us needs them.`} lines={4} isRequired />
        </ActForm>
      </Card>
      <Card>
        {nodes.length === 0 ? <Empty title={<Trans>No messages yet.</Trans>} /> : (
          <ul className="talk">
            {nodes.map((one) => (
              <li key={one.id} className={one.kind === 'FROM_CUSTOMER' ? 'mine' : undefined}>
                <p className="line-title">
                  {one.kind === 'LETTER' ? (one.subject ?? t`Letter`) : one.kind === 'FROM_CUSTOMER' ? t`You` : [one.author.name, one.author.role].filter(Boolean).join(', ') || t`Support`}
                  {one.kind === 'LETTER' && <Tag><Trans>letter</Trans></Tag>}
                </p>
                <p>{one.text.trim()}</p>
                <p className="quiet-text small-text">{format.dateTime(one.at)}</p>
              </li>
            ))}
          </ul>
        )}
        <More {...more} />
      </Card>
    </Page>
  )
}
Messages.before = askingPages(MessagesPage, {}, talk)
