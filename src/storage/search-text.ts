/** Between name and description, so that no text is found that begins in one and ends in the other. */
const separator = '\u0001'

/** What is stored of a judge or a dataset to be searched: name and description, without their case. */
export function toSearchText(name: string, description: string): string {
  return withoutCase(`${name}${separator}${description}`)
}

/**
 * The same for any letter in any case, whatever the engine knows of Unicode. Lower-casing makes a Greek sigma
 * a final one or not by the letters around it, which differ between a text and a part of it. U+0000, which
 * neither engine can look for, becomes what stands for an unknown character.
 */
export function withoutCase(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ').replaceAll('\0', '\ufffd')
}
