const maxLength = 50
/** Names of devices, which Windows has in every folder. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

/**
 * A name for a judge's file, such as `tone-of-voice.yaml`. It holds letters, digits and dashes and nothing else,
 * whatever the judge is called, and so is a file of the folder that it is put in.
 * @param taken names that there are already, in lower case
 */
export function fileNameOf(judgeName: string, taken: ReadonlySet<string>): string {
  const letters = judgeName
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, '-')
  const slug = [...letters]
    .slice(0, maxLength)
    .join('')
    .replaceAll(/^-+|-+$/g, '')
  const stem = slug === '' ? 'judge' : devices.test(slug) ? `judge-${slug}` : slug
  for (let number = 1; ; number += 1) {
    const fileName = number === 1 ? `${stem}.yaml` : `${stem}-${number}.yaml`
    if (!taken.has(fileName)) return fileName
  }
}
