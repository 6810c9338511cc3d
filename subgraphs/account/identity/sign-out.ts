import type { Clock } from '#shared/domain/clock.ts';
import type { SessionId } from '#shared/domain/ids.ts';
import type { IdentityStore } from './identity-store.ts';

/** Ends a sign-in; its token is refused from then on. Ending one twice is no error. */
export class SignOut {
  readonly #identity: Pick<IdentityStore, 'endSession'>;
  readonly #clock: Clock;

  constructor(options: {
    readonly identity: Pick<IdentityStore, 'endSession'>;
    readonly clock: Clock;
  }) {
    this.#identity = options.identity;
    this.#clock = options.clock;
  }

  /** @returns when it ended, milliseconds since the epoch */
  run(sessionId: SessionId): Promise<number> {
    return this.#identity.endSession(sessionId, this.#clock.now());
  }
}
