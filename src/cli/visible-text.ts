/** Marks that a terminal would obey, or that turn or hide what stands beside them; tabs are none. */
const hidden = /(?!\t)[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

/** Text of others as it may be shown on a terminal: what is hidden in it is written as `\u{1b}`. */
export function visibleText(text: string): string {
  return text.replaceAll(hidden, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`)
}
