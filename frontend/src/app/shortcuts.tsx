/** The overlay behind "?": every key, in groups, and the switch for single keys. */
import { useWords } from '@/shared/i18n/words'
import { KEY_GROUPS, KEYS } from '@/shared/lib/key-map'
import { useSetting } from '@/shared/lib/setting'
import { Dialog } from '@/shared/ui/dialog'
import { Checkbox } from '@/shared/ui/field'
import { Keys } from '@/shared/ui/tip-layer'
import './shortcuts.css'

type Group = keyof typeof KEY_GROUPS

export function Shortcuts({ onClose }: { onClose: () => void }) {
  const t = useWords('keys')
  const [single, setSingle] = useSetting('single-keys', ['on', 'off'])
  return (
    <Dialog open onClose={onClose} title={t('title')} width="large">
      <div className="shortcuts">
        {(Object.keys(KEY_GROUPS) as Group[]).map(group => (
          <section key={group}>
            <h3>{t(`groups.${group}`)}</h3>
            <dl>
              {KEY_GROUPS[group].map(name => (
                <div key={name}>
                  <dt>{t(name)}</dt>
                  <dd>
                    <Keys combo={KEYS[name]} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Checkbox
        asSwitch
        label={t('single')}
        hint={t('singleHint')}
        checked={single === 'on'}
        onChange={on => setSingle(on ? 'on' : 'off')}
      />
    </Dialog>
  )
}
