/** Characters that show nothing by themselves. */
const invisible =
  /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\ufe00-\ufe0f]|\u034f|\udb40[\udc00-\uddef]/
const everyInvisible = new RegExp(invisible, 'g')

const bidiControl = /[\u202a-\u202e\u2066-\u2069]/

/** Invisible characters that spelling or emoji need: what stands before decides. */
const honestUses: readonly string[] = [
  // Subdivision flags, like Scotland's
  String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f}`,
  // Emoji of several parts, and how a symbol is drawn
  String.raw`(?<=[\p{Extended_Pictographic}\ufe0f\u{1f3fb}-\u{1f3ff}])\u200d(?=\p{Extended_Pictographic})`,
  String.raw`(?<=[\p{Emoji}\p{S}\p{P}\p{scx=Hani}\p{scx=Mong}\p{scx=Mymr}\p{scx=Phag}])[\ufe00-\ufe0f](?![\ufe00-\ufe0f\u{e0100}-\u{e01ef}])`,
  String.raw`(?<=\p{sc=Hani})[\u{e0100}-\u{e01ef}](?![\ufe00-\ufe0f\u{e0100}-\u{e01ef}])`,
  // Joiners in Persian, Urdu, Syriac, Mongolian, and the scripts from Devanagari to Khmer
  String.raw`(?<=[\u0600-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc])[\u200c\u200d]`,
  // Places for line breaks where words have no spaces between them
  String.raw`(?<=[\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}])\u200b`,
  // A byte order mark where a text begins; several may be joined by U+0000 on a line of its own.
  String.raw`(?<=^|\u0000\n)\ufeff`,
  // Soft hyphens inside of words
  String.raw`(?<=\p{L})\u00ad(?=\p{L})`,
]

/** Made when one is first needed: no start has to wait for what it takes to look up the scripts. */
let honest: RegExp | undefined
let honestBesideRightToLeft: RegExp | undefined
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

export interface InvisibleCharacters {
  /** Whether there are some that neither spelling nor emoji needs; those that turn the direction apart. */
  readonly hasHidden: boolean
  /** Whether there are some that turn the direction of writing, so that text isn't shown in the order it is read. */
  readonly hasBidiControls: boolean
  /** The text without any, honest ones included, and with text hidden in tag characters written out. */
  readonly visible: string
}

/** Looks for characters that a reader doesn't see, and a model does. Takes time in proportion to the text. */
export function findInvisible(text: string): InvisibleCharacters | undefined {
  if (!invisible.test(text)) return undefined
  const left = text.replace(honestIn(text), '')
  return {
    hasHidden: invisible.test(left.replace(new RegExp(bidiControl, 'g'), '')),
    hasBidiControls: bidiControl.test(text),
    visible: text.replace(everyInvisible, writeTag),
  }
}

function honestIn(text: string): RegExp {
  if (rightToLeft.test(text)) {
    honestBesideRightToLeft ??= new RegExp(String.raw`${honestUses.join('|')}|[\u200e\u200f\u061c]`, 'gu')
    return honestBesideRightToLeft
  }
  honest ??= new RegExp(honestUses.join('|'), 'gu')
  return honest
}

/** Tag characters repeat ASCII: U+E0041 stands for U+0041. */
function writeTag(character: string): string {
  const code = (character.codePointAt(0) ?? 0) - 0xe0000
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : ''
}
