/** A UTC day as the API writes it. */
export function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
