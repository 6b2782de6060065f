import { describe, expect, it } from 'vitest'
import type { SegmentView } from '@/shared/api/views'
import { show } from '@/shared/testing/show'
import { PostText, paragraphs, safeAddress } from './post-text'

const piece = (kind: SegmentView['kind'], text = '', href: string | null = null): SegmentView => ({
  kind,
  text,
  href,
})

describe('addresses', () => {
  it.each([
    ['https://acme.example/a?b=c', 'https://acme.example/a?b=c'],
    ['javascript:alert(1)', null],
    ['data:text/html,<script>', null],
    ['//acme.example', null],
    [null, null],
  ])('%s becomes %s', (href, safe) => {
    expect(safeAddress(href)).toBe(safe)
  })
})

it('makes elements, and leaves markup in the words as words', () => {
  const { container } = show(
    <PostText
      segments={[
        piece('mention', '@acme', 'https://social.example/@acme'),
        piece('text', ' it is <b>down</b> again'),
        piece('paragraph'),
        piece('link', 'click', 'javascript:alert(1)'),
        piece('emoji', ':blob:', 'https://social.example/blob.png'),
      ]}
    />,
  )
  expect(container.querySelectorAll('p')).toHaveLength(2)
  expect(container.querySelector('b')).toBeNull()
  expect(container.textContent).toContain('it is <b>down</b> again')
  const links = [...container.querySelectorAll('a')]
  expect(links.map(one => one.href)).toEqual(['https://social.example/@acme'])
  expect(links[0]?.rel).toContain('noreferrer')
  expect(container.querySelector('img')?.referrerPolicy).toBe('no-referrer')
})

it('lets every paragraph find its own direction', () => {
  const { container } = show(<PostText segments={[piece('text', 'שלום')]} language="he" />)
  expect(container.querySelector('p')?.dir).toBe('auto')
  expect(container.querySelector('.post-text')?.getAttribute('lang')).toBe('he')
})

it('drops empty paragraphs', () => {
  expect(
    paragraphs([piece('paragraph'), piece('text', 'a'), piece('paragraph'), piece('paragraph')]),
  ).toHaveLength(1)
})
