/** How a receiver checks what it gets: the rule in words, and examples that a test runs as they stand here. */
import { useState } from 'react'
import { useWords } from '@/shared/i18n/words'
import { Tabs } from '@/shared/ui/tabs'
import curl from './examples/send.sh?raw'
import javascript from './examples/verify.mjs?raw'
import python from './examples/verify.py?raw'

const EXAMPLES = { python, javascript, curl }
const NAMES = ['python', 'javascript', 'curl'] as const
const LABELS = { python: 'Python', javascript: 'JavaScript', curl: 'curl' }

export function CheckSignature() {
  const t = useWords('webhooks.check')
  const [chosen, setChosen] = useState<(typeof NAMES)[number]>('python')
  return (
    <section className="part webhook-check">
      <h2>{t('title')}</h2>
      <p className="part-words">{t('words')}</p>
      <ul className="webhook-rules">
        <li>{t('signature')}</li>
        <li>{t('twice')}</li>
        <li>{t('answer')}</li>
        <li>{t('retries')}</li>
        <li>{t('order')}</li>
      </ul>
      <Tabs
        label={t('examples')}
        tabs={NAMES.map(id => ({ id, label: LABELS[id] }))}
        chosen={chosen}
        onChoose={setChosen}
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
        <pre tabIndex={0} dir="ltr">
          {EXAMPLES[chosen]}
        </pre>
      </Tabs>
    </section>
  )
}
