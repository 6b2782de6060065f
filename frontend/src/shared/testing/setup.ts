/** What every test needs: React's tree taken down after each, and a clean storage. */
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

afterEach(() => {
  cleanup()
  localStorage.clear()
})

// A test answers in the network's place or there is none: nothing leaves this machine, and nothing is waited for.
globalThis.fetch = () => Promise.reject(new TypeError('no network in tests'))
