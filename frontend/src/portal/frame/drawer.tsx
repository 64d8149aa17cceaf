import { Trans } from '@lingui/react/macro'
import type { PropsWithChildren } from 'react'
import { Button } from '../../shared/ui/form.tsx'
import { Popup } from '../../shared/ui/dialog.tsx'
import { Nav } from './nav.tsx'

/** The navigation where there is no room for it beside the page. */
export function Drawer({ close, unread, children }: PropsWithChildren<{ close: () => void; unread: number }>) {
  return (
    <Popup drawer title={<Trans>Menu</Trans>} close={close}>
      <Nav unread={unread} />
      <div className="row">{children}</div>
      <Button onPress={close}><Trans>Close</Trans></Button>
    </Popup>
  )
}
