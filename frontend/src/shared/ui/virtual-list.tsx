/** A list of which only what is seen is drawn: rows of one height, a row the keyboard stands on, a word when the end is near. */
import {
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import { recycle, type Shown } from './recycle'
import './virtual-list.css'

export interface VirtualListHandle {
  scrollToTop: () => void
  isAtTop: () => boolean
}

/** What the rows are; each has a key of its own. */
export interface Rows {
  readonly length: number
  at: (place: number) => string | undefined
  placeOf: (key: string) => number
}

/** Drawn above and below what is seen: each costs at every step of a fast wheel, and what is passed is drawn in time without. */
const AHEAD = 4
/** Screens below what is seen for which more is asked for, so that nobody waits at the end. */
const NEAR_END = 2
/** Before the first measure (and where there is no layout, as in tests) so many pixels are drawn. */
const A_SCREEN = 900
const RESTS_MS = 150

interface Seen {
  /** The first place that is seen, and how many are. */
  first: number
  count: number
  /** Nobody scrolls now. */
  resting: boolean
}

export function VirtualList({
  rows,
  rowHeight,
  label,
  busy = false,
  cursor,
  sought,
  onNearEnd,
  children,
  foot,
  ref,
}: {
  rows: Rows
  rowHeight: number
  label: string
  /** Others are on their way to take the place of these. */
  busy?: boolean
  /** The row that the keyboard stands on and that Tab goes to, the first without one; it is always drawn. */
  cursor: string | null
  /** The row to be shown now, once for each object. */
  sought: { key: string } | null
  onNearEnd?: () => void
  children: (key: string, cursor: boolean) => ReactNode
  foot?: ReactNode
  ref?: Ref<VirtualListHandle>
}) {
  const box = useRef<HTMLDivElement>(null)
  const { first, count, resting } = useSeen(box, rowHeight)
  const stop = cursor === null ? 0 : Math.max(0, rows.placeOf(cursor))

  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is sought anew scrolls, never a list that changed around it
  useLayoutEffect(() => {
    const place = sought === null ? -1 : rows.placeOf(sought.key)
    if (!box.current || place < 0) return
    const { scrollTop, clientHeight } = box.current
    const top = place * rowHeight
    if (top < scrollTop) box.current.scrollTop = top
    else if (top + rowHeight > scrollTop + clientHeight)
      box.current.scrollTop = top + rowHeight - clientHeight
  }, [sought])

  // Rows that left may have taken the end away under who looked at it.
  const from = Math.max(0, Math.min(first, rows.length - count) - AHEAD)
  const to = Math.min(rows.length, first + count + AHEAD)
  const places = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
  if (stop < from) places.unshift(stop)
  else if (stop >= to) places.push(stop)
  const shown = useRecycled(
    places.flatMap(one => rows.at(one) ?? []),
    resting,
  )

  const nearEnd = first + count * (1 + NEAR_END) >= rows.length
  useEffect(() => {
    if (nearEnd) onNearEnd?.()
  }, [nearEnd, onNearEnd])

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
      <ul
        aria-label={label}
        aria-busy={busy}
        className="virtual-rows"
        style={{ height: rows.length * rowHeight }}
      >
        {shown.map(({ slot, key }) => {
          const at = rows.placeOf(key)
          return (
            <li
              key={slot}
              className="virtual-row"
              aria-setsize={rows.length}
              aria-posinset={at + 1}
              style={{ height: rowHeight, transform: `translateY(${at * rowHeight}px)` }}
            >
              {children(key, at === stop)}
            </li>
          )
        })}
      </ul>
      {foot}
    </div>
  )
}

/** Which places the box shows, told within the frame in which it is scrolled. */
function useSeen(box: { readonly current: HTMLDivElement | null }, rowHeight: number): Seen {
  const [seen, setSeen] = useState<Seen>({ first: 0, count: Math.ceil(A_SCREEN / rowHeight), resting: true })
  const look = useCallback(
    (resting?: boolean) => {
      if (!box.current) return
      const { scrollTop, clientHeight } = box.current
      const first = Math.max(0, Math.floor(scrollTop / rowHeight))
      const count = Math.ceil(clientHeight / rowHeight) + 1
      setSeen(known => {
        const next = { first, count, resting: resting ?? known.resting }
        const same = first === known.first && count === known.count && next.resting === known.resting
        return same ? known : next
      })
    },
    [box, rowHeight],
  )

  // With another row height the same rows stay in sight.
  const height = useRef(rowHeight)
  useLayoutEffect(() => {
    if (box.current && height.current !== rowHeight)
      box.current.scrollTop = (box.current.scrollTop / height.current) * rowHeight
    height.current = rowHeight
    look()
  }, [box, rowHeight, look])

  useEffect(() => {
    const scrolled = box.current
    if (!scrolled) return
    let rests: ReturnType<typeof setTimeout> | undefined
    const scroll = () => {
      clearTimeout(rests)
      rests = setTimeout(look, RESTS_MS, true)
      flushSync(() => look(false))
    }
    const resized = new ResizeObserver(() => look())
    scrolled.addEventListener('scroll', scroll, { passive: true })
    resized.observe(scrolled)
    return () => {
      clearTimeout(rests)
      scrolled.removeEventListener('scroll', scroll)
      resized.disconnect()
    }
  }, [box, look])
  return seen
}

/** Elements are used again for other rows while somebody scrolls, and stand in the rows' order once they rest. */
function useRecycled(keys: readonly string[], inOrder: boolean): readonly Shown[] {
  const shown = useRef<readonly Shown[]>([])
  shown.current = recycle(shown.current, keys, inOrder)
  return shown.current
}
