/** Whether somebody is typing: true for a few seconds after each key. */
import { useCallback, useEffect, useRef, useState } from 'react'

const RESTS_MS = 5000

export function useTyping() {
  const [typing, setTyping] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const typed = useCallback(() => {
    setTyping(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setTyping(false), RESTS_MS)
  }, [])
  useEffect(() => () => clearTimeout(timer.current), [])
  return { typing, typed }
}
