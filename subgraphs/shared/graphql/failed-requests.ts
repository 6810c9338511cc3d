/** What is known of a request whose error is masked. */
export interface FailedRequest {
  /** The id that the client was given. */
  readonly requestId: string;
  /** Whether it can have changed something. */
  readonly isCommand: boolean;
}

/**
 * Which request each error belongs to, from when it occurs until it is masked: Apollo Server gives
 * its plugins the request, but the masking function only the error.
 */
export class FailedRequests {
  readonly #requests = new WeakMap<object, FailedRequest>();

  /** What a plugin's `didEncounterErrors` calls. */
  note(errors: readonly object[], request: FailedRequest): void {
    for (const error of errors) this.#requests.set(error, request);
  }

  /** The id that the client was given; undefined if the error was never noted. */
  idOf(error: unknown): string | undefined {
    return this.#of(error)?.requestId;
  }

  /** Whether an error is of a request that can have changed something; nothing else runs commands. */
  isCommand(error: unknown): boolean {
    return this.#of(error)?.isCommand ?? false;
  }

  #of(error: unknown): FailedRequest | undefined {
    return typeof error === 'object' && error !== null ? this.#requests.get(error) : undefined;
  }
}
