import { Trans } from '@lingui/react/macro'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Button, type Tone } from './form.tsx'

interface PopupProps {
  title: ReactNode
  close: () => void
  children: ReactNode
  /** It stands at the edge of the page, as a menu does. */
  drawer?: boolean
}

/** A question or a form on top of the page, with the browser's own dialog: it keeps the focus and gives it back. */
export function Popup({ title, close, children, drawer }: PopupProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const shown = dialog.current
    const before = document.activeElement
    if (shown && !shown.open) shown.showModal()
    return () => {
      shown?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      className={drawer ? 'modal drawer' : 'modal'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) close()
      }}
    >
      <div className="dialog">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  )
}

interface DialogButtonProps {
  label: ReactNode
  title: ReactNode
  tone?: Tone
  small?: boolean
  /** What a screen reader says, where the label alone says too little. */
  name?: string
  children: (close: () => void) => ReactNode
}

/** A button that opens a dialog. */
export function DialogButton({ label, title, tone = 'quiet', small = false, name, children }: DialogButtonProps) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Button tone={tone} small={small} {...(name ? { 'aria-label': name } : {})} onPress={() => setOpen(true)}>{label}</Button>
      {open && <Popup title={title} close={close}>{children(close)}</Popup>}
    </>
  )
}

export function CancelButton({ close }: { close: () => void }) {
  return <Button tone="plain" onPress={close}><Trans>Cancel</Trans></Button>
}
