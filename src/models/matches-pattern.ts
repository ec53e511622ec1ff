/** Whether the whole name matches; `*` in the pattern stands for any characters, none included. */
export function matchesPattern(name: string, pattern: string): boolean {
  const [start = '', ...parts] = pattern.split('*')
  const end = parts.pop()
  if (end === undefined) return name === pattern
  if (name.length < start.length + end.length || !name.startsWith(start) || !name.endsWith(end)) return false
  const lastAt = name.length - end.length
  let at = start.length
  for (const part of parts) {
    const found = name.indexOf(part, at)
    if (found < 0 || found + part.length > lastAt) return false
    at = found + part.length
  }
  return true
}
