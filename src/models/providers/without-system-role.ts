import type { PromptMessage } from '../../judging/model.ts'

/** The same prompt for a model that takes no system message: its text opens the user's first one. */
export function withoutSystemRole(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  const system = messages.filter((message) => message.role === 'system')
  const [first, ...others] = messages.filter((message) => message.role !== 'system')
  const opening = [...system, ...(first?.role === 'user' ? [first] : [])].map(({ content }) => content)
  const rest = first === undefined || first.role === 'user' ? others : [first, ...others]
  return [{ role: 'user', content: opening.join('\n\n') }, ...rest]
}
