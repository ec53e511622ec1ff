const counts = new Intl.NumberFormat('en')
const shares = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })
const decimals = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const costs = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const smallCosts = new Intl.NumberFormat('en', { maximumSignificantDigits: 2, maximumFractionDigits: 10 })

/** 12345 -> "12,345". */
export function countText(count: number): string {
  return counts.format(count)
}

/** "1 record", "12,345 records". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${counts.format(count)} ${count === 1 ? one : many}`
}

/** From 0 to 1 -> "12.3%". */
export function shareText(share: number): string {
  return shares.format(share)
}

/** Three significant digits. */
export function numberText(value: number): string {
  return decimals.format(value)
}

/** In the currency of the configured prices, which is not named; "not known" where a model has no price. */
export function costText(cost: number | null): string {
  if (cost === null) return 'not known'
  return cost !== 0 && Math.abs(cost) < 0.01 ? smallCosts.format(cost) : costs.format(cost)
}

/** 850 -> "850 ms", 12,300 -> "12.3 s", 200,000 -> "3 min 20 s". */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${decimals.format(ms / 1_000)} s`
  const seconds = Math.round(ms / 1_000)
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`
}

/** 1,234,567 -> "1.2 MB". */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  const [size, unit] =
    bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  return `${decimals.format(size)} ${unit}`
}
