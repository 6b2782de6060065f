/** Search and filter: brand, assignee, label, priority; the filter lives in the URL and is said as text. */
import { useNavigate } from '@tanstack/react-router'
import { ArrowDownWideNarrow, ListFilter, Rows2, Rows3, Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useBrands, useLabels, usePeople } from '@/domain/desk'
import { type InboxSearch, type InboxViewName, PRIORITIES } from '@/domain/inbox-address'
import { useMe } from '@/domain/session'
import { useWords } from '@/shared/i18n/words'
import { KEYS } from '@/shared/lib/key-map'
import { useKeys } from '@/shared/lib/keys'
import { useSetting } from '@/shared/lib/setting'
import { Button, IconButton } from '@/shared/ui/button'
import { MenuButton, type MenuEntry, type MenuSection } from '@/shared/ui/menu'

type FilterKey = 'brand' | 'assignee' | 'label' | 'priority'
const FILTERS: readonly FilterKey[] = ['brand', 'assignee', 'label', 'priority']
const TYPING_MS = 250

function without(search: InboxSearch, key: keyof InboxSearch): InboxSearch {
  const { [key]: _gone, ...rest } = search
  return rest
}

/** The same filter with one value switched. */
export function toggled(search: InboxSearch, key: FilterKey, value: string): InboxSearch {
  const before: readonly string[] = search[key] ?? []
  const after = before.includes(value) ? before.filter(one => one !== value) : [...before, value]
  return after.length === 0 ? without(search, key) : ({ ...search, [key]: after } as InboxSearch)
}

export function InboxFilter({ view, search }: { view: InboxViewName; search: InboxSearch }) {
  const t = useWords('inbox')
  const words = useWords('desk')
  const me = useMe()
  const agents = usePeople()
  const brands = useBrands()
  const labels = useLabels()
  const navigate = useNavigate()
  const [density, setDensity] = useSetting('density', ['roomy', 'dense'])
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(search.q ?? '')

  const go = (next: InboxSearch, replace = false) =>
    void navigate({ to: '/inbox/$view', params: { view }, search: next, replace })

  // The field follows the address, except while one types.
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(search.q ?? '')
  }, [search.q])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed asks, a quarter of a second later
  useEffect(() => {
    if (typed.trim() === (search.q ?? '').trim()) return
    const timer = setTimeout(
      () => go(typed.trim() ? { ...search, q: typed.trim() } : without(search, 'q'), true),
      TYPING_MS,
    )
    return () => clearTimeout(timer)
  }, [typed])
  useKeys({ [KEYS.search]: () => field.current?.focus() })

  const entry = (key: FilterKey, value: string, label: string): MenuEntry => ({
    id: `${key} ${value}`,
    label,
    chosen: ((search[key] ?? []) as readonly string[]).includes(value),
  })
  const sections: MenuSection[] = [
    {
      title: t('filters.priority'),
      entries: PRIORITIES.map(one => entry('priority', one, words(`priority.${one}`))),
    },
    ...(brands.length > 1
      ? [{ title: t('filters.brand'), entries: brands.map(one => entry('brand', one.id, one.name)) }]
      : []),
    {
      title: t('filters.assignee'),
      entries: [
        entry('assignee', me.id, words('you')),
        entry('assignee', 'none', t('filters.nobody')),
        ...agents
          .filter(one => one.id !== me.id && !one.disabled)
          .map(one => entry('assignee', one.id, one.name)),
      ],
    },
    ...(labels.length > 0
      ? [{ title: t('filters.label'), entries: labels.map(one => entry('label', one, one)) }]
      : []),
  ]
  const active = FILTERS.flatMap(key =>
    (search[key] ?? []).map(value => ({
      key,
      value,
      name: `${t(`filters.${key}`)}: ${
        sections.flatMap(section => section.entries).find(one => one.id === `${key} ${value}`)?.label ?? value
      }`,
    })),
  )

  return (
    <div className="inbox-filter">
      <search className="inbox-search">
        <Search aria-hidden="true" />
        <input
          ref={field}
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          value={typed}
          onChange={event => setTyped(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Escape') {
              setTyped('')
              go(without(search, 'q'), true)
              field.current?.blur()
            } else if (event.key === 'Enter') field.current?.blur()
          }}
        />
        {typed !== '' && (
          <IconButton
            label={t('clearSearch')}
            size="small"
            icon={<X />}
            onClick={() => {
              setTyped('')
              go(without(search, 'q'), true)
            }}
          />
        )}
      </search>
      <MenuButton
        label={t('filter')}
        sections={sections}
        search={t('filter')}
        many
        onChoose={id => {
          const [key, ...value] = id.split(' ')
          const known = FILTERS.find(one => one === key)
          if (known) go(toggled(search, known, value.join(' ')), true)
        }}
        button={{
          kind: 'quiet',
          className: 'icon-button',
          'aria-label': t('filter'),
          'data-tip': t('filter'),
          icon: <ListFilter />,
          'aria-pressed': active.length > 0,
        }}
      />
      <IconButton
        label={`${t('order')}: ${search.order === 'newest' ? t('newest') : t('urgency')}`}
        icon={<ArrowDownWideNarrow />}
        aria-pressed={search.order === 'newest'}
        onClick={() =>
          go(search.order === 'newest' ? without(search, 'order') : { ...search, order: 'newest' }, true)
        }
      />
      <IconButton
        label={t('density')}
        icon={density === 'dense' ? <Rows3 /> : <Rows2 />}
        onClick={() => setDensity(density === 'dense' ? 'roomy' : 'dense')}
      />
      {active.length > 0 && (
        <ul className="inbox-filters" aria-label={t('filtered')}>
          {active.map(({ key, value, name }) => (
            <li key={`${key} ${value}`} className="inbox-chip">
              {name}
              <IconButton
                label={t('removeFilter', { name })}
                size="small"
                icon={<X />}
                onClick={() => go(toggled(search, key, value), true)}
              />
            </li>
          ))}
          {active.length > 1 && (
            <li>
              <Button
                size="small"
                kind="quiet"
                onClick={() =>
                  go(
                    FILTERS.reduce<InboxSearch>((left, key) => without(left, key), search),
                    true,
                  )
                }
              >
                {t('clearFilters')}
              </Button>
            </li>
          )}
        </ul>
      )}
    </div>
  )
}
