/** Everything by name: places, deeds of the open page, a ticket by its number, or a search; behind cmd+k. */
import { useNavigate } from '@tanstack/react-router'
import { Hash, Search } from 'lucide-react'
import { useRef, useState } from 'react'
import { VIEWS } from '@/domain/inbox-address'
import { useMe } from '@/domain/session'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { allDeeds } from '@/shared/lib/deeds'
import { KEYS } from '@/shared/lib/key-map'
import { Dialog } from '@/shared/ui/dialog'
import { Keys } from '@/shared/ui/tip-layer'
import { PLACES } from './places'
import './palette.css'

interface Entry {
  id: string
  label: string
  group: string
  combo?: string | undefined
  icon?: React.ReactNode
  run: () => unknown
}

/** Letters without accents and case, so that "resolus" finds "Résolus". */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

function rank(label: string, words: string): number {
  const [whole, start] = [plain(label), plain(words)]
  return whole.startsWith(start) ? 0 : whole.includes(` ${start}`) ? 1 : 2
}

export function Palette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const t = useWords('shell')
  const views = useWords('inbox.view')
  const lead = useMe().role === 'lead'
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  // The deeds of the page below, as they were when the palette opened.
  const [deeds] = useState(allDeeds)

  const words = typed.trim()
  const named: Entry[] = [
    ...deeds.map(deed => ({ ...deed, id: `deed ${deed.id}`, group: t('palette.do') })),
    ...VIEWS.map(view => ({
      id: `view ${view}`,
      label: views(view),
      group: t('palette.go'),
      run: () => navigate({ to: '/inbox/$view', params: { view } }),
    })),
    ...PLACES.filter(place => !place.params && (!place.lead || lead)).map(({ to, word, combo, Sign }) => ({
      id: `place ${word}`,
      label: t(word),
      group: t('palette.go'),
      combo,
      icon: <Sign />,
      run: () => navigate({ to }),
    })),
    { id: 'help', label: t('help'), group: t('palette.do'), combo: KEYS.help, run: onHelp },
  ].filter(entry =>
    plain(words)
      .split(/\s+/)
      .every(word => plain(entry.label).includes(word)),
  )
  // What begins with the typed letters is meant more often than what merely contains them.
  if (words !== '') named.sort((a, b) => rank(a.label, words) - rank(b.label, words))
  const number = /^#?(\d+)$/.exec(words)?.[1]
  const entries: Entry[] = [
    ...(number
      ? [
          {
            id: 'number',
            label: t('palette.ticket', { number }),
            group: t('palette.go'),
            icon: <Hash />,
            run: () => navigate({ to: '/tickets/$number', params: { number } }),
          },
        ]
      : []),
    ...named,
    ...(words
      ? [
          {
            id: 'search',
            label: t('palette.search', { words }),
            group: t('palette.go'),
            icon: <Search />,
            run: () => navigate({ to: '/inbox/$view', params: { view: 'all_open' }, search: { q: words } }),
          },
        ]
      : []),
  ]
  const chosen = entries[Math.min(at, entries.length - 1)]

  const run = (entry: Entry | undefined) => {
    if (!entry) return
    onClose()
    // After the dialog has given the focus back: a deed may open a menu of its own.
    setTimeout(() => void entry.run(), 0)
  }
  const move = (step: number) => {
    const next = (Math.min(at, entries.length - 1) + step + entries.length) % Math.max(1, entries.length)
    setAt(next)
    list.current?.children[next]?.scrollIntoView({ block: 'nearest' })
  }

  return (
    <Dialog open onClose={onClose} title={t('palette.title')} quietTitle width="medium">
      <div className="palette">
        <input
          autoFocus
          className="palette-field"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={chosen ? `palette-${chosen.id.replaceAll(' ', '-')}` : undefined}
          aria-label={t('palette.placeholder')}
          placeholder={t('palette.placeholder')}
          value={typed}
          onChange={event => {
            setTyped(event.target.value)
            setAt(0)
          }}
          onKeyDown={event => {
            if (event.key === 'ArrowDown') move(1)
            else if (event.key === 'ArrowUp') move(-1)
            else if (event.key === 'Enter') run(chosen)
            else return
            event.preventDefault()
          }}
        />
        <div
          id="palette-list"
          role="listbox"
          aria-label={t('palette.title')}
          className="palette-list"
          ref={list}
        >
          {entries.map(entry => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and the keys
            <div
              key={entry.id}
              id={`palette-${entry.id.replaceAll(' ', '-')}`}
              role="option"
              tabIndex={-1}
              aria-selected={entry === chosen}
              className={classes('palette-entry', entry === chosen && 'chosen')}
              onPointerMove={() => setAt(entries.indexOf(entry))}
              onClick={() => run(entry)}
            >
              <span className="palette-icon">{entry.icon}</span>
              <span className="palette-label">{entry.label}</span>
              <span className="palette-group">{entry.group}</span>
              {entry.combo && <Keys combo={entry.combo} />}
            </div>
          ))}
        </div>
        {entries.length === 0 && <p className="menu-nothing">{t('palette.none')}</p>}
      </div>
    </Dialog>
  )
}
