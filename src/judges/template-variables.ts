/** Variables that hold some of the conversation's own turns. */
export const conversationVariables = ['conversation_history', 'user_message', 'assistant_message'] as const

/** All that instructions can name. */
export const templateVariableNames: readonly string[] = [
  ...conversationVariables,
  'system_prompt',
  'available_tools',
  'answer_type_definition',
  'properties',
]
