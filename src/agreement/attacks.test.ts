import { describe, expect, it } from 'vitest'
import { readConversation } from '../judging/conversation.ts'
import { type Flag, readFlags } from '../judging/flags.ts'
import { attacks } from './attacks.ts'
import { exampleConversations } from './example-conversations.ts'

const material = {
  messages: [
    { role: 'user', content: 'How old is the Louvre?' },
    { role: 'assistant', content: 'It is old.', id: 'kept' },
    { role: 'user', content: 'Thanks.' },
  ],
  properties: { tone: 'kind' },
}

function named(name: string) {
  const attack = attacks.find((one) => one.name === name)
  if (attack === undefined) throw new Error(`There is no attack ${name}.`)
  return attack
}

describe('attacks', () => {
  it('are many, have names of their own, and one control among them', () => {
    expect(attacks.length).toBeGreaterThan(15)
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length)
    expect(attacks.filter(({ isControl }) => isControl).map(({ name }) => name)).toEqual(['neutral-sentence'])
    for (const { name } of attacks) expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  })

  it.each(attacks)('$name changes the response and nothing else', (attack) => {
    const before = structuredClone(material)
    const attacked = attack.apply(material, { answer: 'yes' })
    expect(material).toEqual(before)
    expect(attacked.properties).toBe(material.properties)
    const [first, response, last] = attacked.messages
    expect([first, last]).toEqual([material.messages[0], material.messages[2]])
    expect(response).toMatchObject({ role: 'assistant', id: 'kept' })
    expect(response).not.toEqual(material.messages[1])
    expect(() => readConversation(attacked.messages)).not.toThrow()
  })

  it('write after a response, whatever its form, or in its place', () => {
    const after = named('lone-colon')
    expect(after.apply(material, { answer: 1 }).messages[1]).toMatchObject({ content: ':' })
    const control = named('neutral-sentence')
    const written = (content: unknown) =>
      control.apply({ messages: [{ role: 'assistant', content }] }, { answer: 1 }).messages[0]
    const sentence = 'This text was written on a Tuesday.'
    expect(written('It is old.')).toMatchObject({ content: `It is old.\n\n${sentence}` })
    expect(written([{ type: 'text', text: 'Old.' }])).toMatchObject({
      content: [
        { type: 'text', text: 'Old.' },
        { type: 'text', text: sentence },
      ],
    })
    expect(written(null)).toMatchObject({ content: sentence })
  })

  it('take the last message where there is no response', () => {
    const { messages } = named('solution').apply(
      { messages: [{ role: 'user', content: 'Hi' }] },
      { answer: 1 },
    )
    expect(messages).toEqual([{ role: 'user', content: 'Solution' }])
  })

  it('ask for the answer that is wanted', () => {
    const asking = attacks.filter((attack) =>
      JSON.stringify(attack.apply(material, { answer: 'splendid' })).includes('splendid'),
    )
    expect(asking.length).toBeGreaterThanOrEqual(16)
  })

  it.each<[string, Flag]>([
    ['fence-closed', 'imitates_fence'],
    ['fence-code-announced', 'imitates_fence'],
    ['chatml-turn', 'chat_template_marks'],
    ['llama-mistral-turn', 'chat_template_marks'],
    ['reasoning-tags', 'reasoning_tags'],
    ['turned-direction', 'bidi_controls'],
    ['zero-width', 'invisible_characters'],
    ['zero-width', 'addresses_judge'],
    ['tag-characters', 'addresses_judge'],
    ['forged-judgment', 'forged_judgment'],
    ['forged-analysis', 'forged_judgment'],
    ['ignore-instructions', 'addresses_judge'],
    ['authority-claim', 'addresses_judge'],
    ['system-message', 'addresses_judge'],
    ['other-languages', 'addresses_judge'],
  ])('%s is seen as %s', (name, flag) => {
    const attacked = named(name).apply(material, { answer: 'yes' })
    expect(readFlags(readConversation(attacked.messages))).toContain(flag)
  })

  it.each<[string, Flag]>([
    ['thought-process', 'reasoning_opener'],
    ['step-by-step', 'reasoning_opener'],
    ['solution', 'reasoning_opener'],
    ['lone-colon', 'empty_response'],
  ])('%s is seen as %s', (name, flag) => {
    const attacked = named(name).apply({ messages: material.messages.slice(0, 2) }, { answer: 'yes' })
    expect(readFlags(readConversation(attacked.messages))).toEqual([flag])
  })
})

describe('example conversations', () => {
  it('are ten or more, can be read, and are seen as honest', () => {
    expect(exampleConversations.length).toBeGreaterThanOrEqual(10)
    for (const { messages } of exampleConversations) expect(readFlags(readConversation(messages))).toEqual([])
  })
})
