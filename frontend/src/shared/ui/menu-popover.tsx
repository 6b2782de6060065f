/** The menu itself, by React Aria: arrows and typing walk it, Escape closes it, focus returns to where it came from. */
import { Check } from 'lucide-react'
import { useState } from 'react'
import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete'
import { Dialog } from 'react-aria-components/Dialog'
import { Header } from 'react-aria-components/Header'
import { Input } from 'react-aria-components/Input'
import { Menu, MenuItem, MenuSection } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { SearchField } from 'react-aria-components/SearchField'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import type { MenuEntry, PopMenuProps } from './menu'
import { Keys } from './tip-layer'
import './menu.css'

export default function MenuPopover({
  label,
  sections,
  onChoose,
  search,
  create,
  many = false,
  onClose,
  anchor,
}: PopMenuProps) {
  const t = useWords('ui')
  const [typed, setTyped] = useState('')
  const { contains } = useFilter({ sensitivity: 'base' })
  const offered = typed.trim() && create ? create(typed.trim()) : null

  const choose = (id: string) => {
    if (!many) onClose()
    else setTyped('')
    onChoose(id)
  }
  const item = ({ id, label: name, finds, icon, combo, danger, chosen, disabled, hint }: MenuEntry) => (
    <MenuItem
      key={id}
      id={id}
      textValue={finds ? `${name} ${finds}` : name}
      isDisabled={disabled ?? false}
      className={classes('menu-item', danger && 'danger')}
      aria-label={[name, hint, chosen && t('chosen')].filter(Boolean).join(', ')}
    >
      {icon}
      <span className="menu-words">
        {name}
        {hint !== undefined && <small> {hint}</small>}
      </span>
      {combo !== undefined && <Keys combo={combo} />}
      {chosen && <Check className="menu-check" />}
    </MenuItem>
  )
  const menu = (
    <Menu
      className="menu"
      aria-label={label}
      autoFocus={search === undefined ? 'first' : false}
      onAction={key => choose(String(key))}
      onClose={many ? () => undefined : onClose}
      shouldFocusWrap
      renderEmptyState={() => <p className="menu-nothing">{t('nothingFound')}</p>}
    >
      {sections.map(({ title, entries }) => (
        <MenuSection key={title ?? entries[0]?.id ?? ''} aria-label={title ?? label} className="menu-section">
          {title !== undefined && <Header className="menu-title">{title}</Header>}
          {entries.map(item)}
        </MenuSection>
      ))}
      {offered && item(offered)}
    </Menu>
  )

  return (
    <Popover
      className="menu-popover"
      aria-label={label}
      triggerRef={anchor}
      isOpen
      onOpenChange={open => {
        if (!open) onClose()
      }}
      placement="bottom start"
      offset={4}
    >
      {search === undefined ? (
        menu
      ) : (
        <Dialog aria-label={label} className="menu-dialog">
          <Autocomplete
            inputValue={typed}
            onInputChange={setTyped}
            filter={(text, input) => contains(text, input.trim()) || text === offered?.label}
          >
            <SearchField aria-label={search} className="menu-search" autoFocus>
              <Input placeholder={search} />
            </SearchField>
            {menu}
          </Autocomplete>
        </Dialog>
      )}
    </Popover>
  )
}
