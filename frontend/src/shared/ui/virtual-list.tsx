/** A list that draws only what is seen: rows of one height, a cursor the keyboard moves, and a word when the end is near. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type Ref, useCallback, useEffect, useImperativeHandle, useMemo, useRef } from 'react'
import './virtual-list.css'

export interface VirtualListHandle {
  scrollToTop: () => void
  isAtTop: () => boolean
}

export function VirtualList<T>({
  items,
  keyOf,
  rowHeight,
  label,
  cursor,
  onNearEnd,
  children,
  foot,
  ref,
}: {
  items: readonly T[]
  keyOf: (item: T) => string
  rowHeight: number
  label: string
  /** The key of the row that must be seen; -1 and null leave the list where it is. */
  cursor: string | null
  onNearEnd?: () => void
  children: (item: T, at: { index: number; of: number }) => ReactNode
  foot?: ReactNode
  ref?: Ref<VirtualListHandle>
}) {
  const box = useRef<HTMLDivElement>(null)
  // Always the same functions: with new ones the virtualizer would measure every row again at each step of the wheel.
  const getItemKey = useCallback(
    (index: number) => {
      const item = items[index]
      return item === undefined ? index : keyOf(item)
    },
    [items, keyOf],
  )
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    // Each row that is drawn ahead costs at every step of a fast wheel; what is passed is drawn in time without.
    overscan: 4,
    getItemKey,
    // Before the first measure (and where there is no layout, as in tests) a screenful is drawn.
    initialRect: { width: 360, height: 900 },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row height asks for new measures
  useEffect(() => virtual.measure(), [rowHeight])

  const index = useMemo(
    () => (cursor === null ? -1 : items.findIndex(item => keyOf(item) === cursor)),
    [items, keyOf, cursor],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a moved cursor scrolls, never a list that changed around it
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' })
  }, [cursor])

  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? -1
  useEffect(() => {
    if (last >= 0 && last >= items.length - 10) onNearEnd?.()
  }, [last, items.length, onNearEnd])

  useImperativeHandle(
    ref,
    () => ({
      scrollToTop: () => box.current?.scrollTo({ top: 0 }),
      isAtTop: () => (box.current?.scrollTop ?? 0) <= 4,
    }),
    [],
  )

  return (
    <div className="virtual-list" ref={box}>
      <ul aria-label={label} className="virtual-rows" style={{ height: virtual.getTotalSize() }}>
        {rows.map(row => {
          const item = items[row.index]
          if (item === undefined) return null
          return (
            <li
              key={row.key}
              className="virtual-row"
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
              style={{ height: row.size, transform: `translateY(${row.start}px)` }}
            >
              {children(item, { index: row.index, of: items.length })}
            </li>
          )
        })}
      </ul>
      {foot}
    </div>
  )
}
