import type { PromptMessage } from '../../judging/model.ts'
import type { ToolDescription } from '../../judging/tool.ts'

/** The prompt's last tokens say this: the model goes on with a tool's name, or with null. */
export const toolStart = '{"tool":'

/**
 * A prompt that has the model choose a tool: few local models' templates know tools, so they are described in words.
 * @param messages with what was called so far, and what that gave
 */
export function toolPrompt(
  messages: readonly PromptMessage[],
  tools: readonly ToolDescription[],
): readonly PromptMessage[] {
  const described = tools.map(
    ({ name, description, parameters }) =>
      `- ${name}: ${description} Arguments: ${JSON.stringify(parameters)}`,
  )
  const offer = `Where nothing needs looking up any more, reply {"tool": null}. To look something up, reply {"tool": its name, "arguments": {...}} with one of these tools:\n${described.join('\n')}`
  const said = inWords(messages)
  const [first, ...rest] = said
  if (first?.role !== 'system') return [{ role: 'system', content: offer }, ...said]
  return [{ ...first, content: `${first.content}\n\n${offer}` }, ...rest]
}

/** The same messages where calls and results of tools are plain text. */
export function inWords(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  return messages.map(({ role, content, toolCalls = [], toolCall }): PromptMessage => {
    if (role === 'tool') return { role: 'user', content: `${toolCall?.name ?? 'A tool'} gave:\n${content}` }
    if (toolCalls.length === 0) return { role, content }
    const calls = toolCalls.map(
      ({ name, arguments: args }) => `${toolStart} ${JSON.stringify(name)}, "arguments": ${args}}`,
    )
    return { role, content: [content, ...calls].filter((text) => text !== '').join('\n') }
  })
}
