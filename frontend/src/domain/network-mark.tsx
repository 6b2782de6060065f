/** A network's mark, drawn from the path that its adapter gives; its name stands beside it or is said by it. */
import { useNetwork } from './desk'
import { useNetworkLabel } from './network-words'

const shape = { viewBox: '0 0 24 24', width: 16, height: 16, fill: 'currentColor', className: 'network-mark' }

/** The mark alone, for whoever knows its path already. */
export function Mark({ path }: { path: string }) {
  return (
    <svg {...shape} aria-hidden="true">
      <path d={path} />
    </svg>
  )
}

export function NetworkMark({ name, labelled = false }: { name: string; labelled?: boolean }) {
  const network = useNetwork(name)
  const label = useNetworkLabel()
  if (!network) return null
  if (!labelled) return <Mark path={network.mark} />
  return (
    <svg {...shape} role="img" aria-label={label(name)}>
      <path d={network.mark} />
    </svg>
  )
}
