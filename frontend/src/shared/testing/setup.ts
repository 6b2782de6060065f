/** What every test needs: React's tree taken down after each, and a clean storage. */
import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// A busy machine is slow, not wrong: what is waited for may take its time.
configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  localStorage.clear()
})

// A test answers in the network's place or there is none: nothing leaves this machine, and nothing is waited for.
globalThis.fetch = () => Promise.reject(new TypeError('no network in tests'))
