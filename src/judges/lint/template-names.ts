import { type TemplateTag, tagsIn } from '../instructions.ts'

/** A name that a template expects to be given. */
export interface TemplateName {
  readonly name: string
  readonly start: number
}

const keywords = new Set(
  `if elif else endif for endfor in and or not is true false none True False None set endset block endblock filter
  endfilter macro endmacro call endcall with endwith autoescape endautoescape recursive do loop self super caller
  varargs kwargs include import from as ignore missing without context extends break continue raw endraw`.split(
    /\s+/,
  ),
)

const targets: readonly RegExp[] = [
  /^[-+]?\s*set\s+(?<names>[^=]*?)\s*(?:=|\||[-+]?$)/,
  /^[-+]?\s*for\s+(?<names>.*?)\s+in\b/s,
  /^[-+]?\s*macro\s+(?<names>.*)/s,
  /^[-+]?\s*call\s*\((?<names>[^)]*)\)/,
]
const withStatement = /^[-+]?\s*with\b/
const name = /[A-Za-z_]\w*/g

/**
 * Names in the code of tags that are no keyword, attribute, filter, test, named argument or function, and that the
 * template does not set itself anywhere.
 */
export function namesExpected(instructions: string): readonly TemplateName[] {
  // Runs of spaces would take the patterns time that grows with their square.
  const tags = tagsIn(instructions).map((tag) => ({ ...tag, code: tag.code.replaceAll(/\s+/g, ' ') }))
  const own = new Set(tags.flatMap(namesSet))
  return tags.flatMap((tag) =>
    namesUsed(tag.code)
      .filter((used) => !own.has(used) && !keywords.has(used))
      .map((used) => ({ name: used, start: tag.start })),
  )
}

function namesSet({ code, isStatement }: TemplateTag): readonly string[] {
  if (!isStatement) return []
  const written = targets.map((target) => target.exec(code)?.groups?.names ?? '').join(' ')
  const inWith = withStatement.test(code)
    ? [...code.matchAll(/(\w+)\s*=(?!=)/g)].map(([, set = '']) => set)
    : []
  return [...[...written.matchAll(name)].map(([set]) => set), ...inWith]
}

/** A name after a dot, a bar or `is` is looked up elsewhere, and one before `(` or a single `=` is no variable. */
const variable = /(?<![.\w]|\.\s*|\|\s*|\bis\s+(?:not\s+)?)[A-Za-z_]\w*(?!\w|\s*\(|\s*=(?!=))/g

function namesUsed(code: string): readonly string[] {
  return [...code.replaceAll(/^[-+]?\s*(?:filter|block|endblock)\b.*/gs, '').matchAll(variable)].map(
    ([used]) => used,
  )
}
