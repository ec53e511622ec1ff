import { useInterval } from '@mantine/hooks'
import { useEffect, useState } from 'react'

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const whole = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })

const units = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
] as const

/** "3 minutes ago", with the whole time for who points at it. */
export function Ago({ at }: { readonly at: string }) {
  const [now, setNow] = useState(() => Date.now())
  const { start, stop } = useInterval(() => setNow(Date.now()), 30_000)
  useEffect(() => {
    start()
    return stop
  }, [start, stop])
  const date = new Date(at)
  return (
    <time dateTime={at} title={whole.format(date)}>
      {agoText(date.getTime() - now)}
    </time>
  )
}

function agoText(ms: number): string {
  let value = Math.min(0, ms / 1_000)
  if (value > -10) return 'just now'
  for (const [unit, size] of units) {
    if (Math.abs(value) < size) return relative.format(Math.round(value), unit)
    value /= size
  }
  return relative.format(Math.round(value), 'year')
}
