/** A brand, small, with its colour. */
import type { CSSProperties, ReactNode } from 'react'
import type { BrandView } from '@/shared/api/views'
import { classes } from '@/shared/lib/classes'
import { useBrand } from './desk'
import './brand-name.css'

/** What CSS needs to know of a brand's colour; the class `branded` corrects it for contrast. */
export function brandStyle(colour: string | undefined): CSSProperties {
  return colour === undefined ? {} : ({ '--brand': colour } as CSSProperties)
}

/** An element in a brand's colours: use --brand-ink, --brand-solid, --brand-ground and --brand-line inside. */
export function Branded({
  id,
  className,
  children,
}: {
  id: string
  className?: string
  children: ReactNode
}) {
  const brand = useBrand(id)
  return (
    <div className={classes('branded', className)} style={brandStyle(brand?.colour)}>
      {children}
    </div>
  )
}

export function BrandTag({ brand }: { brand: BrandView }) {
  return (
    <span className="brand-name branded" style={brandStyle(brand.colour)}>
      {brand.name}
    </span>
  )
}

export function BrandName({ id }: { id: string }) {
  const brand = useBrand(id)
  return brand ? <BrandTag brand={brand} /> : null
}
