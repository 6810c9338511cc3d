/** Requests that a client repeats at the end, when every one of them must be answered. */
export class Repetitions {
  #unanswered = 0;

  /** How many of them have no answer yet. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** One of them is sent. @param isAnswered resolves with false if it was given up */
  add(isAnswered: Promise<boolean>): void {
    this.#unanswered += 1;
    void isAnswered.then((yes) => (this.#unanswered -= yes ? 1 : 0));
  }
}
