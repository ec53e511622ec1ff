/** A share from 0 to 1 as people read it: `12.5%`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}
