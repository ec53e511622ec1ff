/** The judge of benchmarks, as the API takes it. */
export const benchmarkJudge = {
  name: 'Benchmark',
  description: '',
  model_name: 'openai/judge-small',
  instructions:
    'Is the response right?\n\n{{ user_message }}\n\n{{ assistant_message }}\n\n{{ answer_type_definition }}',
  output: {
    options: [
      { value: 'yes', description: 'It is.' },
      { value: 'no', description: 'It is not.' },
    ],
  },
  tools: [],
}
