const byteOrderMarks = [
  { charset: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { charset: 'utf-16le', bytes: [0xff, 0xfe] },
  { charset: 'utf-16be', bytes: [0xfe, 0xff] },
]

/**
 * Bytes as text: by their byte order mark, the charset of the header, that of a `meta` or XML declaration within the
 * first 1024 bytes, or else UTF-8. The order is that of the HTML standard.
 */
export function decodePage(bytes: Uint8Array, contentType: string): string {
  const marked = byteOrderMarks.find((mark) => mark.bytes.every((byte, at) => bytes[at] === byte))?.charset
  const charset = marked ?? /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType)?.[1]
  return (decoderOf(charset) ?? decoderOf(declaredCharset(bytes)) ?? new TextDecoder()).decode(bytes)
}

function declaredCharset(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder('windows-1252').decode(bytes.subarray(0, 1024))
  const found =
    /<meta\s[^>]*?charset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(start) ??
    /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)/i.exec(start)
  // A declaration that could be read as ASCII is not in UTF-16.
  return found?.[1]?.replace(/^utf-?16.*$/i, 'utf-8')
}

function decoderOf(charset: string | undefined): InstanceType<typeof TextDecoder> | undefined {
  if (charset === undefined) return undefined
  try {
    return new TextDecoder(charset)
  } catch {
    return undefined
  }
}
