/** A text within so many bytes of UTF-8. What is longer is cut between characters, and says so. */
export function cutText(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= maxBytes) return text
  // A character that was cut in the middle reads as U+FFFD.
  const kept = new TextDecoder().decode(bytes.subarray(0, maxBytes)).replace(/\uFFFD{1,3}$/, '')
  return `${kept}\n[cut: these are the first ${sizeOf(maxBytes)} of ${sizeOf(bytes.length)}]`
}

/** A size for people: `900 bytes`, `12 kB`, `3.4 MB`. */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
