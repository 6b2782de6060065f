import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { show } from '@/shared/testing/show'
import { ComposerCost } from './composer-cost'

it('says what a reply costs, and the dearer price as soon as it holds a link', () => {
  const cost = { micros: 15_000, with_link_micros: 200_000 }
  const { rerender } = show(<ComposerCost cost={cost} texts={['We look into it.']} />)
  expect(screen.getByRole('status').textContent).toMatch(/^Costs .*0\.015$/)
  rerender(<ComposerCost cost={cost} texts={['See acme.example/help']} />)
  expect(screen.getByRole('status').textContent).toMatch(/^With a link: costs .*0\.20$/)
  rerender(<ComposerCost cost={null} texts={['See acme.example/help']} />)
  expect(screen.queryByRole('status')).toBe(null)
})

it('adds up what the parts of a long text cost, those with a link dearer than the others', () => {
  const cost = { micros: 15_000, with_link_micros: 200_000 }
  const parts = ['It was our fault. 1/3', 'See acme.example/help 2/3', 'Sorry again! 3/3']
  const { rerender } = show(<ComposerCost cost={cost} texts={parts} />)
  expect(screen.getByRole('status').textContent).toMatch(/^With a link: 3 parts cost .*0\.23$/)
  rerender(<ComposerCost cost={cost} texts={['One. 1/2', 'Two. 2/2']} />)
  expect(screen.getByRole('status').textContent).toMatch(/^2 parts cost .*0\.03$/)
  rerender(<ComposerCost cost={{ micros: 15_000, with_link_micros: 15_000 }} texts={parts} />)
  expect(screen.getByRole('status').textContent).toMatch(/^3 parts cost .*0\.045$/)
})
