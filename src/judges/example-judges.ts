import type { Definition } from './definition.ts'

/** Two judges to begin with, one of each output type. */
export function exampleJudges(modelName: string): readonly [Definition, Definition] {
  return [
    {
      name: 'Answers the question',
      description: 'Example: whether the response answers what the user asked.',
      modelName,
      instructions:
        'Does the response answer what the user asked? A response that is wrong in a detail still answers; one that refuses, changes the subject or only asks back does not.\n\nThe user asked:\n{{ user_message }}\n\nThe response:\n{{ assistant_message }}\n\n{{ answer_type_definition }}',
      output: {
        type: 'CLASSIFICATION',
        options: [
          { value: 'yes', description: 'The response answers the question.' },
          { value: 'no', description: 'The response does not answer the question.' },
        ],
      },
      tools: [],
    },
    {
      name: 'Helpfulness',
      description: 'Example: how helpful the last response is, from 1 to 5.',
      modelName,
      instructions:
        'How helpful is the last response to the user? Judge what it says, not how long or how friendly it is.',
      output: {
        type: 'REGRESSION',
        min: 1,
        minDescription: 'Of no use to the user.',
        max: 5,
        maxDescription: 'Everything the user needs, and nothing that misleads.',
      },
      tools: [],
    },
  ]
}
