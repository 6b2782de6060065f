/** The handles we know somebody by, each with its way to the network. */
import { NetworkMark } from '@/domain/network-mark'
import { safeAddress } from '@/domain/post-text'
import type { IdentityView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'

export function CustomerHandles({ identities }: { identities: readonly IdentityView[] }) {
  const t = useWords('customer')
  const words = useWords('desk')
  return (
    <ul className="customer-identities" aria-label={t('handles')}>
      {identities.map(one => {
        const href = safeAddress(one.url)
        const traits = [
          one.followers === null ? '' : t('followers', { count: one.followers }),
          one.bot ? t('bot') : '',
        ].filter(Boolean)
        return (
          <li key={one.id}>
            <NetworkMark name={one.network} labelled />
            <span>
              {href === null ? (
                `@${one.handle}`
              ) : (
                <a href={href} target="_blank" rel="noopener noreferrer">
                  @{one.handle}
                  <span className="visually-hidden"> {words('newTab')}</span>
                </a>
              )}
              {traits.length > 0 && <small>{traits.join(' · ')}</small>}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
