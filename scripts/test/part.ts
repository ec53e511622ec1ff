/** Something that some tests need and that a machine may lack. */
export interface Part {
  readonly name: string
  /** Where it came from, or why what needs it is skipped. */
  readonly state: string
  /** How tests find it. */
  readonly env: Readonly<Record<string, string>>
}

export function missing(name: string, why: string): Part {
  return { name, state: `missing, so that its tests are skipped: ${why}`, env: {} }
}
