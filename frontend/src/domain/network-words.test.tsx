import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { useExplain } from '@/shared/api/explain'
import { Problem } from '@/shared/api/problem'
import { aNetwork } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { useAdapterWords } from './answer-words'
import { networksQuery } from './desk'
import { NetworkWords, useNetworkLabel, useNetworkWord } from './network-words'

const REFUSED = new Problem('No.', {
  status: 409,
  code: 'not_answerable',
  details: { why: 'answer.pigeon.moulting' },
})

function Reader() {
  const word = useNetworkWord()
  const label = useNetworkLabel()
  const adapter = useAdapterWords()
  const explain = useExplain()
  const said = [
    label('pigeon'),
    label('raven'),
    word('connect.pigeon.wet'),
    word('cost.pigeon.corn'),
    word('cost.raven.corn') ?? 'nothing',
    adapter('answer.pigeon.moulting'),
    adapter('answer.vanished'),
    adapter('answer.raven.shy'),
    explain(REFUSED),
  ]
  return <p>{said.join(' | ')}</p>
}

function read(networks: unknown[] | undefined, language: 'en' | 'fr') {
  const client = testClient()
  client.setQueryData(networksQuery.queryKey, networks as never)
  show(
    <NetworkWords>
      <Reader />
    </NetworkWords>,
    { client, language },
  )
  return screen.getByText(/\|/).textContent?.split(' | ')
}

it('says the words that came with the network, in the reader’s language, beside those of the house', () => {
  expect(read([aNetwork()], 'en')).toEqual([
    'Carrier pigeon',
    'raven',
    'The loft is wet.',
    'Corn',
    'nothing',
    'The pigeon is moulting.',
    'The post is gone from the network, so it cannot be answered there.',
    'It cannot be answered from here.',
    'The pigeon is moulting.',
  ])
})

it('says them in French', () => {
  const said = read([aNetwork()], 'fr')
  expect([said?.[0], said?.[2], said?.[5]]).toEqual([
    'Pigeon voyageur',
    'Le pigeonnier est humide.',
    'Le pigeon mue.',
  ])
  expect(said?.[6]).toMatch(/^Le message a disparu/)
})

it('falls back to English where a network lacks the language, and to names where nothing is known', () => {
  const { en } = aNetwork().words
  expect(read([aNetwork({ words: { en } } as never)], 'fr')?.[5]).toBe('The pigeon is moulting.')
})

it('falls back to what the house knows when the networks could not be asked for', () => {
  expect(read([], 'en')?.slice(0, 3)).toEqual(['pigeon', 'raven', ''])
})
