/** Money as the ledger counts it, millionths of a US dollar, in the reader's way of writing it. */
import { useFlavour } from '@/shared/i18n/words'

const MICROS = 1_000_000

/** Cents, and for less than ten cents as many digits as say something: $0.015. */
export function money(micros: number, locale: string): string {
  const dollars = micros / MICROS
  const small = dollars !== 0 && Math.abs(dollars) < 0.1
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: small ? 6 : 2,
  }).format(dollars)
}

export function useMoney(): (micros: number) => string {
  const locale = useFlavour()
  return micros => money(micros, locale)
}

/** What somebody typed as dollars, in micros; null when it is no amount. */
export function readMoney(typed: string): number | null {
  const text = typed.trim().replace(',', '.')
  if (!/^\d{1,6}(\.\d{0,6})?$/.test(text)) return null
  return Math.round(Number(text) * MICROS)
}

/** An amount as it is typed: dollars without their sign, with the reader's own decimal mark. */
export function typedMoney(micros: number, locale: string): string {
  const plain = { maximumFractionDigits: 6, useGrouping: false }
  return new Intl.NumberFormat(locale, plain).format(micros / MICROS)
}

export function useTypedMoney(): (micros: number) => string {
  const locale = useFlavour()
  return micros => typedMoney(micros, locale)
}

/** Whether a network may find a link in a text; a bare name with a dot counts, so rather yes than no. */
export function holdsLink(text: string): boolean {
  return /(?<![\p{L}\p{N}@#$_.-])(?:https?:\/\/)?(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}/iu.test(text)
}
