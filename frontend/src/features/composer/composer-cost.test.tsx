import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { show } from '@/shared/testing/show'
import { ComposerCost } from './composer-cost'

it('says what a reply costs, and the dearer price as soon as it holds a link', () => {
  const cost = { micros: 15_000, with_link_micros: 200_000 }
  const { rerender } = show(<ComposerCost cost={cost} text="We look into it." />)
  expect(screen.getByRole('status').textContent).toMatch(/^Costs .*0\.015$/)
  rerender(<ComposerCost cost={cost} text="See acme.example/help" />)
  expect(screen.getByRole('status').textContent).toMatch(/^With a link: costs .*0\.20$/)
  rerender(<ComposerCost cost={null} text="See acme.example/help" />)
  expect(screen.queryByRole('status')).toBe(null)
})
