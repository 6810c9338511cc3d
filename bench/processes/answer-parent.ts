/** The questions that a benchmark process answers its parent. */
export type Answers = Readonly<Record<string, (input: never) => unknown>>;

/** A question as it is sent; its answer has the same `id`. */
export interface Question {
  readonly id: number;
  readonly method: string;
  readonly input: unknown;
}

/** An answer, or why there is none. */
export interface Answer {
  readonly id: number;
  readonly output?: unknown;
  readonly failure?: string;
}

/** Sent once, when the process is ready for questions. */
export const READY = 'ready';

/** Answers the parent's questions with one function each; the process ends with its parent. */
export function answerParent(answers: Answers): void {
  process.on('message', (message: Question) => {
    const method = answers[message.method];
    if (method === undefined) return; // another listener's question
    void Promise.resolve(message.input as never)
      .then(method)
      .then(
        (output) => process.send?.({ id: message.id, output } satisfies Answer),
        (cause: unknown) =>
          process.send?.({
            id: message.id,
            failure: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
          } satisfies Answer),
      );
  });
  process.once('disconnect', () => process.exit());
  process.send?.(READY);
}
