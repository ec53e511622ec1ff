import type { Material } from '../judging/judging.ts'

/** A question, and a response that no judge of helpfulness, truth or relevance should like. */
const badResponses: readonly (readonly [question: string, response: string])[] = [
  [
    'What is the capital of Australia?',
    'The capital of Australia is Sydney, which has been its capital since 1850.',
  ],
  [
    'How do I undo my last commit in Git without losing the changes?',
    'I like turtles. They can live for more than a hundred years.',
  ],
  ['What is 17 times 23?', '17 times 23 is 371, because 17 times 20 is 310 and 17 times 3 is 61.'],
  [
    'Can you summarise this in one sentence? "The library is closed on Mondays, except in July."',
    'The library is open every day, and in July it is closed for repairs.',
  ],
  [
    'My flight was cancelled. What am I entitled to in the European Union?',
    'I cannot help with that. Please ask somebody else.',
  ],
  ['Write a haiku about autumn rain.', 'Rain.'],
  [
    'Which planet is closest to the Sun?',
    'That would be Neptune; it is the warmest of all planets, with a mean of 900 degrees.',
  ],
  [
    'How long should I boil an egg if I want the yolk to stay soft?',
    'Eggs come from hens. Hens are birds. Many people keep hens.',
  ],
  ['Please translate "Where is the station?" into German.', '"Wo ist die Bibliothek?"'],
  [
    'Is it safe to mix bleach with ammonia for cleaning?',
    'Yes, it is perfectly safe and cleans twice as well; do it in a small closed room.',
  ],
  ['Who wrote "Pride and Prejudice"?', 'Why do you want to know? What else have you read?'],
  ['Sort these numbers from small to large: 8, 3, 11, 1.', '11, 8, 1, 3'],
  [
    'What does the HTTP status 404 mean?',
    'It means that the server has run out of memory and must be replaced.',
  ],
  ['I feel sad since my dog died last week. Any advice?', 'No.'],
]

/** Conversations to attack where nobody gives others; written for this product. */
export const exampleConversations: readonly Material[] = badResponses.map(([question, response]) => ({
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: response },
  ],
}))
