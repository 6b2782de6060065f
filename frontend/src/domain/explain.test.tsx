import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { useExplain } from '@/shared/api/explain'
import { Problem, readProblem } from '@/shared/api/problem'
import { useProblemWords } from '@/shared/api/reason'
import { aNetwork, aReply } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { NetworkWords } from './network-words'

function Said({ error }: { error: unknown }) {
  return <p>{useExplain()(error)}</p>
}

function inFrench(body: object): string | null {
  show(<Said error={readProblem(422, body)} />, { language: 'fr' })
  return screen.getAllByRole('paragraph').at(-1)?.textContent ?? null
}

it.each([
  [
    'the reason, with what is filled in',
    { code: 'bad_value', why: 'reason.no_such_zone', values: { name: 'Mars' } },
    'Il n’y a pas de fuseau horaire nommé « Mars ».',
  ],
  [
    'the limit of a field, counted',
    { code: 'not_acceptable', why: 'reason.text_too_short', values: { limit: '1' } },
    'Écrivez au moins 1 caractère.',
  ],
  [
    'the code, where the reason has no words',
    { code: 'brand_hidden', why: 'reason.unheard' },
    'Aucune de vos',
  ],
  [
    'a network’s own words behind the kind of refusal',
    { code: 'network_refused', title: 'The network refused this.', detail: 'Text is blank' },
    'Le réseau a refusé cela. Il dit : Text is blank',
  ],
  [
    'the kind alone, where the network said no more',
    { code: 'network_refused', title: 'The network refused this.', detail: 'The network refused this.' },
    'Le réseau a refusé cela.',
  ],
  [
    'the sentence, where nothing is known',
    { code: 'of_tomorrow', detail: 'A new refusal.' },
    'A new refusal.',
  ],
])('says %s', (_what, body, words) => {
  expect(inFrench({ detail: 'English.', ...body })).toContain(words)
})

it('says that no answer came', () => {
  show(<Said error={new Problem('')} />)
  expect(screen.getByText(/^The server did not answer/)).toBeTruthy()
})

function Why({ problem_code }: { problem_code: string | null }) {
  const problem = 'The server said no.'
  return <p>{useProblemWords()(aReply({ problem, problem_code, problem_values: { status: '422' } }))}</p>
}

it('says why a reply is not out by the house’s reason, a network’s own, or the sentence as it is', () => {
  const client = testClient()
  client.setQueryData(['networks'], [aNetwork()])
  const all = ['reason.answered', 'trouble.pigeon.asleep', 'trouble.pigeon.lost', null]
  show(
    <NetworkWords>
      {all.map(one => (
        <Why key={one} problem_code={one} />
      ))}
    </NetworkWords>,
    { client, language: 'fr' },
  )
  expect(screen.getAllByRole('paragraph').map(one => one.textContent)).toEqual([
    'Le serveur a répondu par l’erreur 422.',
    'Le pigeon dort.',
    'Le pigeon s’est perdu (422).',
    'The server said no.',
  ])
})
