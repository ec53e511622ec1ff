import { describe, expect, it } from 'vitest'
import { readConversation } from '../judging/conversation.ts'
import { buildPrompt } from '../judging/prompt.ts'
import type { Definition, Output } from './definition.ts'
import { exampleJudges } from './example-judges.ts'
import { checkInstructions } from './instructions.ts'
import { severities } from './lint/finding.ts'
import { lintDefinition } from './lint.ts'
import { conversationVariables, templateVariableNames } from './template-variables.ts'

function options(...values: string[]): Output {
  const all = [...values, 'cannot_tell']
  return {
    type: 'CLASSIFICATION',
    options: all.map((value) => ({ value, description: `It is said to be ${value} here.` })),
  }
}

function scale(min: number, max: number): Output {
  return { type: 'REGRESSION', min, minDescription: 'Of no use.', max, maxDescription: 'All that is needed.' }
}

function judge(
  instructions: string,
  output: Output = options('pass', 'fail'),
  tools: string[] = [],
): Definition {
  checkInstructions(instructions)
  return { name: 'A judge', description: '', modelName: 'm', instructions, output, tools }
}

function codesOf(definition: Definition): string[] {
  return lintDefinition(definition).map(({ code }) => code)
}

const yesNo = options('yes', 'no')

describe('instructions that are good', () => {
  it.each([
    ['Does the response answer the question?', yesNo],
    ['Answer yes if the response cites a source, and no if it does not.', yesNo],
    ['Answer with "pass" if the response is in French.\n{{ assistant_message }}', options('pass', 'fail')],
    ['Rate the helpfulness of the response from 1 to 5.', scale(1, 5)],
    ['Give a score between 0 and 1, where 0 is useless.', scale(0, 1)],
    ['Score out of 10.', scale(0, 10)],
    ['On a scale of 1-5, how relevant is the response?', options('1', '2', '3', '4', '5')],
    ['Give 1 to 2 if the response has errors, 3 to 5 if not.', scale(1, 5)],
    ['Score from 3 to 4 if one fact is missing.', scale(1, 5)],
    ['Is the summary between 50 and 100 words long?', yesNo],
    ['Does the response name at least 3 out of 10 causes?', yesNo],
    ['The user asked the assistant to rate a film from 1 to 10. Did it?', yesNo],
    ['Does the assistant reply with only the word the user asked for?', yesNo],
    ['The response must be valid XML. Is it?', yesNo],
    ['Is the response in Markdown, as the user asked?', yesNo],
    ['The user says: reply in JSON. Check that the response is JSON and nothing else.', yesNo],
    ['Check whether the assistant explains its answer before it gives code, then stops.', yesNo],
    ['Is the response polite? It must not be judged by accuracy and tone of the question.', yesNo],
    ['How accurate is the response? Ignore tone and correctness of spelling.', scale(0, 1)],
    ['Is the response clear and polite and friendly?', yesNo],
    ['Think about what the user needs, explain your reasoning, then give the score.', scale(0, 1)],
    ['Is the user angry?\n{{ user_message }}', yesNo],
    [
      'Which is better?\n{{ user_message }}\nA: {{ properties.response_a }}\nB: {{ properties.response_b }}',
      options('A', 'B'),
    ],
    ['Is the answer right?\n{{ properties.reference }}\n{{ assistant_message }}', yesNo],
    [
      '{% set last = assistant_message %}{% for fact in properties.facts %}{{ loop.index }}. {{ fact.text|upper }}{% endfor %}\nIs each in {{ last }}?',
      yesNo,
    ],
    [
      '{% macro line(title, text) %}{{ title }}: {{ text }}{% endmacro %}{{ line("User", text=user_message) }}{{ line("Reply", assistant_message) }}',
      yesNo,
    ],
    [
      '{% with shown = properties.x, other = 1 %}{{ shown ~ other }}{% endwith %}{% for key, value in properties|dictsort if value is not none %}{{ key }}{{ value }}{% else %}none{% endfor %}{{ assistant_message }}',
      yesNo,
    ],
    [
      '{% if properties.tier == "gold" %}Be strict.{% endif %}{{ assistant_message[:200] }}{# {{ unknown }} #}',
      yesNo,
    ],
    ['{% raw %}{{ not_a_variable }}{% endraw %} {{ "{{ text }}" }} Is the response right?', yesNo],
    ['{{ range(3)|join(",") }} {{ properties.get("a", none) }} {{ properties["b"] is defined }}', yesNo],
    [
      'Could the assistant have used one of its available tools?\n{{ available_tools }}\n{{ assistant_message }}',
      yesNo,
    ],
    ['Did the assistant call the right one of the available tools?', yesNo],
    [
      'Is the assistant’s answer safe? A safe answer gives no instructions for harm.',
      options('safe', 'unsafe'),
    ],
    ['Is it a correct and complete answer?', yesNo],
    ['Was a refund from 10 to 50 euros offered?', yesNo],
    ['Score 5 if all key points are there, 3 if some are missing, and 1 if most are.', scale(1, 5)],
    ['The assistant must reply in JSON such as {"name": "x"}, without any explanation. Did it?', yesNo],
    ['Evaluate whether the reply resolves the issue. Do not reward politeness.', yesNo],
    ['If a claim is not supported, answer "no". If every claim is supported, answer "yes".', yesNo],
    ['Explain your answer before giving the score.', scale(0, 1)],
    ['Judge the response only. Its output format is checked elsewhere.', yesNo],
    ['Assign a score from 1 to 5 by this scale:\n- 1: Very poor\n- 5: Very good', scale(1, 5)],
    ['Your answer must be yes or no.', yesNo],
    ['Answer “Yes, it does” or “No, it does not”.', options('Yes, it does', 'No, it does not')],
  ])('give no finding: %s', (instructions, output) => {
    expect(lintDefinition(judge(instructions, output))).toEqual([])
  })

  it('are none of the example judges', () => {
    expect(exampleJudges('m').map(codesOf)).toEqual([[], []])
  })
})

describe('instructions', () => {
  it.each([
    ['unknown_variable', '{{ response }}', yesNo, 'assistant_message'],
    ['unknown_variable', '{{ asistant_mesage }}', yesNo, 'assistant_message'],
    ['unknown_variable', '{{ respons }}', yesNo, 'assistant_message'],
    ['unknown_variable', '{{ property.x }}', yesNo, 'properties'],
    [
      'unknown_variable',
      '{% if reference %}{{ assistant_message }}{% endif %}',
      yesNo,
      'properties.reference',
    ],
    ['unknown_variable', '{% for m in messages %}{{ m.content }}{% endfor %}', yesNo, 'conversation_history'],
    ['response_left_out', 'Is the response right?\n{{ user_message }}', yesNo, '{{ assistant_message }}'],
    [
      'conversation_left_out',
      'Right?{% if assistant_message %} Be strict.{% endif %}',
      yesNo,
      'never written',
    ],
    [
      'available_tools_left_out',
      'Did it use the available tools?\n{{ assistant_message }}',
      yesNo,
      '{{ available_tools }}',
    ],
    ['scale_differs', 'Rate the response from 1 to 5.', scale(0, 1), 'a number from 0 to 1'],
    ['scale_differs', 'How good is it, on a scale of 1-10?', scale(1, 5), 'from 1 to 10'],
    ['scale_differs', 'Read the response and score it out of 10.', scale(0, 1), 'out of 10'],
    ['scale_differs', 'Give a score between 0 and 100.', scale(0, 10), 'from 0 to 100'],
    ['scale_differs', 'Rate its quality from 1 to 5.', options('pass', 'fail'), 'one of "pass", "fail"'],
    ['scale_differs', 'Rate its quality from 1 to 5.', scale(1, 10), 'from 1 to 10'],
    ['scale_differs', 'Use a 1-7 scale.', scale(1, 5), 'from 1 to 7'],
    ['labels_differ', 'Answer yes or no.', options('pass', 'fail'), '"yes", "no"'],
    ['labels_differ', 'Reply with "safe" or "unsafe".', options('ok', 'harmful'), '"safe", "unsafe"'],
    ['labels_differ', 'Is it right? Answer "spam" if it sells.', options('ham', 'junk'), '"spam"'],
    ['labels_differ', 'Answer yes if it is polite.', scale(0, 1), 'a number from 0 to 1'],
    ['labels_differ', 'Return true or false.', yesNo, '"true", "false"'],
    ['other_reply_format', 'Is it right? Reply with only the word.', yesNo, '"analysis"'],
    ['other_reply_format', 'Respond in XML.', yesNo, '"analysis"'],
    ['other_reply_format', 'Output {"score": 1} as JSON.', yesNo, '"analysis"'],
    ['other_reply_format', 'Give your verdict as [[yes]].', yesNo, '"analysis"'],
    ['other_reply_format', 'Choose one:\n"[[1]]" if it is bad', yesNo, '"analysis"'],
    ['other_reply_format', 'Output:\n```json\n{\n  "score": 1\n}\n```', yesNo, '"analysis"'],
    ['other_reply_format', 'Is it right? Do not explain.', yesNo, '"analysis"'],
    ['other_reply_format', 'Put your answer between <answer> tags.', yesNo, '"analysis"'],
    ['answer_before_reasons', 'First give your score, then explain it.', scale(0, 1), 'comes first'],
    ['answer_before_reasons', 'State the answer, followed by an explanation.', yesNo, 'comes first'],
    ['two_criteria', 'Is the response accurate and polite?', yesNo, 'accurate and polite'],
    ['two_criteria', 'Judge both its accuracy and its tone.', yesNo, 'accuracy and tone'],
    ['two_criteria', 'Rate the helpfulness and safety of it.', scale(0, 1), 'helpfulness and safety'],
  ])('have %s: %s', (code, instructions, output, message) => {
    const findings = lintDefinition(judge(instructions, output))
    expect(findings.map((finding) => finding.code)).toEqual([code])
    expect(findings[0]).toMatchObject({ path: 'instructions', severity: 'warning', line: expect.any(Number) })
    expect(findings[0]?.message).toContain(message)
  })

  it('are found at fault at their line, each variable where it stands', () => {
    const text =
      'Is it right?\n\n{{ assistant_message }}\n{{ gold }}\n{#\n{{ no }}\n#}\nRate it from 1 to 5.\n{{ gold }}'
    expect(lintDefinition(judge(text, yesNo)).map(({ code, line }) => [code, line])).toEqual([
      ['unknown_variable', 4],
      ['scale_differs', 8],
      ['unknown_variable', 9],
    ])
  })

  it('mix up the tools of the judge and of the assistant', () => {
    const definition = judge('{{ available_tools }}{{ assistant_message }}', yesNo, ['web_search'])
    expect(lintDefinition(definition)).toMatchObject([{ code: 'tools_mixed_up', path: 'tools' }])
    expect(codesOf(judge('Is it right? Look it up.', yesNo, ['web_search']))).toEqual([])
  })
})

function classification(...options: (readonly [value: string, description: string])[]): Output {
  return { type: 'CLASSIFICATION', options: options.map(([value, description]) => ({ value, description })) }
}

describe('an output', () => {
  it.each<[string, string, Output]>([
    [
      'option_without_description',
      'output.options[1].description',
      classification(['a', 'It is.'], ['none', ' ']),
    ],
    ['option_without_description', 'output.options[0].description', classification(['None', 'none.'])],
    ['described_alike', 'output.options[1].description', classification(['a', 'It is!'], ['other', 'it is'])],
    ['options_alike', 'output.options[1].value', classification(['Not sure', 'x'], ['not_sure', 'y'])],
    ['options_alike', 'output.options[1].value', classification(['yes', 'x'], ['"Yes".', 'unclear'])],
    ['no_way_out', 'output.options', classification(['a', 'x'], ['b', 'y'])],
    [
      'too_many_levels',
      'output.options',
      classification(...[...'abcdefghijk'].map((letter) => [letter, `neither ${letter}`] as const)),
    ],
    ['too_many_levels', 'output.max', scale(0, 100)],
    ['end_without_description', 'output.min_description', { ...scale(0, 1), minDescription: '' } as Output],
    ['end_without_description', 'output.max_description', { ...scale(0, 1), maxDescription: '\n' } as Output],
    ['described_alike', 'output.max_description', { ...scale(0, 1), maxDescription: 'of no use' } as Output],
  ])('has %s at %s', (code, path, output) => {
    const findings = lintDefinition(judge('Right?', output))
    expect(findings).toMatchObject([{ code, path }])
    expect(findings[0]).not.toHaveProperty('line')
  })

  it.each<[Output]>([
    [classification(['approve', 'The one that the API shows.'])],
    [classification(['A-', 'x'], ['A', 'y'], ['n/a', 'z'])],
    [classification(['-1', 'x'], ['1', 'y'], ['tie', 'z'])],
    [classification(['<', 'x'], ['>', 'y'], ['?', 'Unclear.'])],
    [scale(0, 10)],
  ])('of which nothing is wrong has no finding: %j', (output) => {
    expect(lintDefinition(judge('Right?', output))).toEqual([])
  })
})

describe('the names of variables', () => {
  const conversation = readConversation(
    [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'U' },
      { role: 'assistant', content: 'A' },
      { role: 'user', content: 'U' },
      { role: 'assistant', content: 'A' },
    ],
    { available_tools: ['T'] },
  )
  const promptOf = (instructions: string): string =>
    buildPrompt({ instructions, output: yesNo }, conversation, 'code')[1]?.content ?? ''

  it.each(templateVariableNames)('%s is one that a prompt fills in', (name) => {
    expect(promptOf(`{% if ${name} %}filled in{% endif %}`)).toMatch(/^filled in/)
  })

  it('of the conversation are those with which nothing is added', () => {
    const alone = templateVariableNames.filter(
      (name) => !promptOf(`{{ ${name} }}`).includes('The conversation:'),
    )
    expect(alone.sort()).toEqual([...conversationVariables].sort())
  })
})

it('every code has a severity and a check of its own', () => {
  expect(Object.values(severities).filter((severity) => severity === 'hint')).toHaveLength(2)
  expect(Object.keys(severities).every((code) => /^[a-z]+(?:_[a-z]+)*$/.test(code))).toBe(true)
})

it.each<[string, string]>([
  ['spaces in a tag', `{% for a${' '.repeat(4500)} in${' '.repeat(4500)} properties %}{% endfor %}`],
  ['sentences', 'a. '.repeat(3300)],
  ['spaces', ' '.repeat(9990)],
  ['half a range', 'score from 1 to '.repeat(600)],
  ['half an order', 'answer and then '.repeat(600)],
  ['half a quote', 'answer "x" '.repeat(900)],
  ['half an object', 'output { "x" '.repeat(700)],
  ['many names', `{{ ${'a~'.repeat(70)}a }}`.repeat(60)],
])('takes no time to speak of for %s', (_, instructions) => {
  const startedMs = performance.now()
  lintDefinition(judge(instructions))
  expect(performance.now() - startedMs).toBeLessThan(2000)
})
