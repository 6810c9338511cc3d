/**
 * Which request each error belongs to, from when it occurs until it is masked: Apollo Server gives
 * its plugins the request, but the masking function only the error.
 */
export class FailedRequests {
  readonly #idsOfErrors = new WeakMap<object, string>();

  /** What a plugin's `didEncounterErrors` calls. */
  note(errors: readonly object[], requestId: string): void {
    for (const error of errors) this.#idsOfErrors.set(error, requestId);
  }

  /** The id that the client was given; undefined if the error was never noted. */
  idOf(error: unknown): string | undefined {
    return typeof error === 'object' && error !== null ? this.#idsOfErrors.get(error) : undefined;
  }
}
