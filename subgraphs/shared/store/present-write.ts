/** One writer's write in progress, for those who read about the past. */
export class PresentWrite {
  #present: Promise<unknown> = Promise.resolve();

  /** Notes a write whose rows have their time already; the previous one is over. @returns it */
  note<Result>(write: Promise<Result>): Promise<Result> {
    this.#present = write.catch(() => undefined);
    return write;
  }

  /**
   * Resolves once the writer can store nothing more with a time before the call: what is read about
   * the past before that would lack it.
   */
  async past(): Promise<void> {
    await this.#present;
  }
}
