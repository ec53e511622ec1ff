/** In the words of the API. */
export type TaskStatus = 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELED'
