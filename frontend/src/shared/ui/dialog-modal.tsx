/** The dialog itself, by React Aria: focus stays inside, Escape closes, what is behind is hidden from screen readers. */
import { X } from 'lucide-react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { IconButton } from './button'
import type { DialogProps } from './dialog'
import './dialog.css'

export default function DialogModal({
  onClose,
  title,
  quietTitle = false,
  width = 'medium',
  shape = 'dialog',
  alert = false,
  children,
  foot,
}: DialogProps) {
  const t = useWords('ui')
  return (
    <ModalOverlay
      className={classes('dialog-veil', shape)}
      isOpen
      isDismissable={!alert}
      onOpenChange={open => {
        if (!open) onClose()
      }}
    >
      <Modal className={classes('dialog-box', shape, width)}>
        <Dialog
          className="dialog"
          role={alert ? 'alertdialog' : 'dialog'}
          {...(quietTitle && { 'aria-label': title })}
        >
          {!quietTitle && (
            <header className="dialog-head">
              <Heading slot="title">{title}</Heading>
              <IconButton label={t('close')} icon={<X />} size="small" onClick={onClose} />
            </header>
          )}
          <div className="dialog-body">{children}</div>
          {foot !== undefined && <footer className="dialog-foot">{foot}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
