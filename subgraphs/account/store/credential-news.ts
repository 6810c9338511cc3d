import type { UserId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { DomainError } from '#shared/graphql/domain-error.ts';

/**
 * Announces to every gateway, after a commit, that a user's credentials or roles may have changed. A needless announcement
 * is harmless, because receivers read the current state.
 */
export class CredentialNews {
  readonly #bus: Pick<EventBus, 'publish'>;

  constructor(bus: Pick<EventBus, 'publish'>) {
    this.#bus = bus;
  }

  /**
   * Waits for work on a user's credentials or roles, and announces it if it changed any.
   * @param hasChanged whether the work changed anything; if the answer to a commit is lost, the change is announced, too
   */
  async announceIfChanged<Result>(
    userId: UserId,
    work: Promise<Result>,
    hasChanged: (result: Result) => boolean,
  ): Promise<Result> {
    try {
      const result = await work;
      if (hasChanged(result)) this.#announce(userId);
      return result;
    } catch (cause) {
      if (!(cause instanceof DomainError)) this.#announce(userId);
      throw cause;
    }
  }

  #announce(userId: UserId): void {
    this.#bus.publish('credentials.changed', { userId });
  }
}
