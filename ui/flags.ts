/** What the flags of a judgment mean, for people. */
const meanings: Readonly<Record<string, string>> = {
  imitates_fence: 'The text imitates the tags around what is judged.',
  chat_template_marks: 'The text has marks of a chat template, as if it were a message to the model.',
  reasoning_tags: 'The text has tags of a model’s reasoning.',
  bidi_controls: 'The text has characters that turn the direction of writing, which can hide words.',
  invisible_characters: 'The text has characters that nobody sees.',
  forged_judgment: 'The text has something that looks like a judge’s answer.',
  addresses_judge: 'The text speaks to its judge.',
  empty_response: 'The response is empty.',
  reasoning_opener: 'The response begins as if it were the judge’s own reasoning.',
  tool_budget_exhausted: 'The model wanted tools more often than it may.',
}

export function flagMeaning(flag: string): string {
  return meanings[flag] ?? flag
}
