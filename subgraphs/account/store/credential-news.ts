import type { UserId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { DomainError } from '#shared/graphql/domain-error.ts';

/**
 * Announces, after a commit, that a user's credentials or roles may have changed. A needless announcement is harmless,
 * because receivers read the current state.
 */
export type TellOfCredentials = (userId: UserId) => void;

/** Announces changes to every gateway over the bus. */
export function credentialNewsOn(bus: EventBus): TellOfCredentials {
  return (userId) => bus.publish('credentials.changed', { userId });
}

/**
 * Waits for work, and announces it if it changed a user's credentials or roles, so that every gateway reads them again.
 * @param hasChanged whether the work changed anything; if the answer to a commit is lost, the change is announced, too
 */
export async function toldIfChanged<Result>(
  tell: () => void,
  work: Promise<Result>,
  hasChanged: (result: Result) => boolean,
): Promise<Result> {
  try {
    const result = await work;
    if (hasChanged(result)) tell();
    return result;
  } catch (cause) {
    if (!(cause instanceof DomainError)) tell();
    throw cause;
  }
}
