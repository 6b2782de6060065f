/** Puts a text on the clipboard and says so; without https the browser offers none, and the text can be selected. */
import { useState } from 'react'
import { Button } from './button'

interface CopyButtonProps {
  text: string
  words: { copy: string; copied: string }
  size?: 'small'
}

export function CopyButton({ text, words, size }: CopyButtonProps) {
  /** Which text was copied: another one was not. */
  const [copied, setCopied] = useState<string | null>(null)
  if (!('clipboard' in navigator)) return null
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(text)
  }
  return (
    <Button {...(size && { size })} onClick={() => void copy()}>
      {copied === text ? words.copied : words.copy}
    </Button>
  )
}
