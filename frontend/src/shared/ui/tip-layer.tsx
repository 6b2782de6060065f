/** Shows the name of what is pointed at or focused, for everything that carries data-tip; one layer for the whole page. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { readable } from '@/shared/lib/keys'
import './tip-layer.css'

interface Tip {
  words: string
  combo: string | undefined
  target: Element
  side: string | undefined
}

const WAIT_MS = 450

function find(from: EventTarget | null): HTMLElement | null {
  return from instanceof Element ? from.closest<HTMLElement>('[data-tip]') : null
}

export function TipLayer() {
  const [tip, setTip] = useState<Tip | null>(null)
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let shownFor: Element | null = null
    const hide = () => {
      clearTimeout(timer)
      shownFor = null
      setTip(null)
    }
    const show = (target: HTMLElement | null, wait: number) => {
      if (target === shownFor) return
      hide()
      if (!target) return
      shownFor = target
      timer = setTimeout(() => {
        const { tip: words, tipKey: combo, tipSide: side } = target.dataset
        if (words && target.isConnected) setTip({ words, combo, target, side })
      }, wait)
    }
    const over = (event: PointerEvent) => {
      if (event.pointerType !== 'touch') show(find(event.target), WAIT_MS)
    }
    const focus = (event: FocusEvent) => {
      const target = find(event.target)
      if (target?.matches(':focus-visible')) show(target, WAIT_MS)
      else hide()
    }
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide()
    }
    document.addEventListener('pointerover', over)
    document.addEventListener('focusin', focus)
    document.addEventListener('pointerdown', hide)
    document.addEventListener('keydown', key)
    document.addEventListener('scroll', hide, true)
    return () => {
      hide()
      document.removeEventListener('pointerover', over)
      document.removeEventListener('focusin', focus)
      document.removeEventListener('pointerdown', hide)
      document.removeEventListener('keydown', key)
      document.removeEventListener('scroll', hide, true)
    }
  }, [])

  useLayoutEffect(() => {
    if (!tip || !box.current) return
    const at = tip.target.getBoundingClientRect()
    const { width, height } = box.current.getBoundingClientRect()
    const beside = tip.side === 'right'
    const left = beside ? at.right + 8 : at.left + at.width / 2 - width / 2
    const below = at.bottom + 6
    const top = beside
      ? at.top + at.height / 2 - height / 2
      : below + height > innerHeight
        ? at.top - height - 6
        : below
    box.current.style.left = `${Math.max(4, Math.min(innerWidth - width - 4, left))}px`
    box.current.style.top = `${Math.max(4, top)}px`
  }, [tip])

  if (!tip) return null
  return (
    <div className="tip" ref={box} aria-hidden="true">
      {tip.words}
      {tip.combo !== undefined && <Keys combo={tip.combo} />}
    </div>
  )
}

/** A combo drawn as keys. */
export function Keys({ combo }: { combo: string }) {
  return (
    <span className="keys">
      {readable(combo).map(step => (
        <span key={step.join()} className="keys-step">
          {step.map(key => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      ))}
    </span>
  )
}
