/** Answers that came without a backslash: no text in them needs an escape when it is made JSON again. */
const answers = new WeakSet<object>();

/** Notes that an answer, or a copy of it, came without a backslash. */
export function noteUnescaped(answer: object): void {
  answers.add(answer);
}

/** Whether an answer is known to have come without a backslash. */
export function isUnescaped(answer: object): boolean {
  return answers.has(answer);
}
