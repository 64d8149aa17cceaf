import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/support'
import { useAskPages } from '../../shared/api/pages.ts'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { ActForm, Field } from '../../shared/ui/form.tsx'
import { Card, Empty } from '../../shared/ui/parts.tsx'
import { More } from '../../shared/ui/table.tsx'
import { useMay } from '../me.ts'
import { useNames } from '../names.ts'

const RecordContact = graphql(`
  query RecordContact($id: ID!, $after: String) {
    customer(id: $id) {
      id
      notes { id at author text }
      messages(first: 20, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id at kind author text readAt }
      }
    }
  }
`)
const SendMessage = graphql(`
  mutation SendMessage($customerId: ID!, $idempotencyKey: String!, $text: String!) {
    sendMessage(customerId: $customerId, idempotencyKey: $idempotencyKey, text: $text) { ... on StaffMessageSent { __typename sent { id } } ...Refused }
  }
`)
const AddNote = graphql(`
  mutation AddNote($customerId: ID!, $text: String!) {
    addNote(customerId: $customerId, text: $text) { ... on NoteAdded { __typename note { id } } ...Refused }
  }
`)

export function ContactPart({ id }: { id: string }) {
  const { t } = useLingui()
  const names = useNames()
  const format = useFormat()
  const answers = useMay('ANSWER')
  const [key, renew] = useState(() => crypto.randomUUID())
  const { nodes, first, more } = useAskPages(RecordContact, { id }, (page) => page.customer?.messages)
  const record = first.customer
  if (!record) return null
  return (
    <>
      <Card id="messages" title={<Trans>Conversation</Trans>}>
        {answers && (
          <ActForm document={SendMessage} anew done={() => renew(crypto.randomUUID())} submit={<Trans>Send</Trans>} variables={(fields) => ({ customerId: id, idempotencyKey: key, text: fields.text('text') })}>
            <Field name="text" label={t`Message to the customer`} hint={t`They read it in their portal; a letter tells them.`} lines={4} isRequired />
          </ActForm>
        )}
        {nodes.length === 0 ? <Empty title={<Trans>Nothing was said yet.</Trans>} /> : (
          <ol className="said">
            {nodes.map((one) => (
              <li key={one.id} className={one.kind === 'FROM_CUSTOMER' ? 'theirs' : undefined}>
                <p className="small-text quiet-text">{names.message[one.kind]}{DOT}{one.author}{DOT}{format.dateTime(one.at)}</p>
                {one.kind === 'LETTER' ? <Letter text={one.text} /> : <p className="words">{one.text}</p>}
              </li>
            ))}
          </ol>
        )}
        <More {...more} />
      </Card>
      <Card id="notes" title={<Trans>Notes among us</Trans>}>
        <p className="quiet-text"><Trans>Internal, but part of what is held: the customer finds them in their report and in their copy.</Trans></p>
        <ActForm document={AddNote} anew tone="quiet" submit={<Trans>Add the note</Trans>} variables={(fields) => ({ customerId: id, text: fields.text('text') })}>
          <Field name="text" label={t`Note`} lines={3} isRequired />
        </ActForm>
        {record.notes.length > 0 && (
          <ol className="said">
            {record.notes.map((one) => (
              <li key={one.id}>
                <p className="small-text quiet-text">{one.author}{DOT}{format.dateTime(one.at)}</p>
                <p className="words">{one.text}</p>
              </li>
            ))}
          </ol>
        )}
      </Card>
    </>
  )
}

/** Its first line is what it is about; the rest shows when it is asked for. */
function Letter({ text }: { text: string }) {
  const [about = '', ...rest] = text.split('\n')
  return (
    <details>
      <summary>{about}</summary>
      <p className="words">{rest.join('\n').trim()}</p>
    </details>
  )
}
