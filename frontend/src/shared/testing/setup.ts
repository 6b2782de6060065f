/** What every test needs: React's tree taken down after each, a clean storage, and an end where React complains. */
import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// A busy machine is slow, not wrong: what is waited for may take its time.
configure({ asyncUtilTimeout: 10_000 })

const complaints: unknown[] = []
const complain = console.error
console.error = (...words: unknown[]) => {
  complaints.push(words[0])
  complain(...words)
}

afterEach(() => {
  cleanup()
  localStorage.clear()
  const said = complaints.splice(0)
  if (said.length > 0) throw new Error(`the console complained: ${said.join('; ')}`)
})

// A test answers in the network's place or there is none: nothing leaves this machine, and nothing is waited for.
globalThis.fetch = () => Promise.reject(new TypeError('no network in tests'))
