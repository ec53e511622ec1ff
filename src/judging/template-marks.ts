const oneSidedNames = 'turn|channel|tool|tool_call|tool_response|image|audio|video|think|"'
const squareNames =
  'INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|MODEL_SETTINGS|THINK|ARGS|CALL_ID|IMG|IMG_BREAK|IMG_END|AUDIO|BEGIN_AUDIO|PREFIX|MIDDLE|SUFFIX|gMASK|sMASK|MASK'
const angleNames = String.raw`s|think|tool_call|tool_response|bos|eos|pad|unk|mask|sop|eop|BOS_TOKEN|EOS_TOKEN|start_of_turn|end_of_turn|start_of_image|end_of_image|unused\d{1,4}|seed:\w{1,20}`

/**
 * Marks that chat templates put between messages, and that some servers read as control tokens wherever they
 * stand, as the tokenizers of the models list them. A square bracket may end one mark and begin the next, so that the
 * last one of a mark is looked at but not taken.
 */
const marks: readonly string[] = [
  // ChatML and all of its form (OpenAI, Qwen, Llama 3, Phi, Granite, Cohere, Kimi); DeepSeek's have wide bars.
  String.raw`(?<open><[|｜])(?<name>[\w▁/:.-]{1,80}|")(?<close>[|｜]>)`,
  // Gemma 4
  String.raw`(?<open><\|)(?<name>${oneSidedNames})(?<close>>)`,
  String.raw`(?<open><)(?<name>${oneSidedNames})(?<close>\|>)`,
  // EXAONE
  String.raw`(?<open>\[\|)(?<name>\w{1,40})(?<close>\|(?=\]))`,
  // Llama 2, Mistral, GLM
  String.raw`(?<open><<)(?<name>\/?SYS)(?<close>>>)`,
  String.raw`(?<open>\[)(?<name>\/?(?:${squareNames}))(?<close>(?=\]))`,
  // The ends of a text in most vocabularies, Gemma, Cohere, Seed, tags around reasoning and tool calls
  String.raw`(?<open><)(?<name>\/?(?:${angleNames}))(?<close>>)`,
  // MiniMax
  String.raw`(?<open>\])(?<name>~!?b)(?<close>(?=[\][]))`,
  String.raw`(?<open>\[)(?<name>e~)(?<close>(?=\[))`,
]

const anyMark = new RegExp(marks.join('|'), 'g')

/** Whether text holds a mark that some tokenizer takes for a control token. */
export function hasTemplateMark(text: string): boolean {
  return text.search(anyMark) >= 0
}

/** Writes each mark with spaces in it, like `<| im_start |>`, which no tokenizer takes for the mark; all else stays. */
export function defuseTemplateMarks(text: string): string {
  return text.replace(anyMark, (_mark, ...rest) => {
    const { open, name, close } = rest.at(-1) as Record<string, string>
    return `${open} ${name} ${close}`
  })
}
