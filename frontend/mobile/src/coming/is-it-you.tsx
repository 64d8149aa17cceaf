import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { useAct } from '../api/queries.ts'
import { AppBeginStepUp, AppStepUp } from '../gql/documents.ts'
import type { SignInMethod } from '../gql/types.ts'
import { Button } from '../ui/button.tsx'
import { Card, NotYet } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { Proof } from './proof.tsx'

/** A fresh proof of who is there; afterwards what was asked for is done. */
export function IsItYou({ answer }: { answer: (proven: boolean) => void }) {
  const { t } = useLingui()
  const begin = useAct(AppBeginStepUp, { last: true })
  const step = useAct(AppStepUp, { last: true })
  const [methods, setMethods] = useState<readonly SignInMethod[]>()
  const { act } = begin
  const start = () => void act({}).then((found) => found && setMethods(found.methods))
  useEffect(start, [act])
  const cancel = <Button tone="plain" label={t`Cancel`} onPress={() => answer(false)} />
  return (
    <Screen title={t`Is it you?`} lead={<Trans>This is worth protecting, so we ask once more. It then counts for five minutes.</Trans>}>
      <Card>
        {methods ? (
          <Proof methods={methods} busy={step.busy} trouble={step.trouble} prove={async (proof) => { if (await step.act({ proof })) answer(true) }} beside={cancel} />
        ) : <><NotYet trouble={begin.trouble} again={start} />{cancel}</>}
      </Card>
    </Screen>
  )
}
