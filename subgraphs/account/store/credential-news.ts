import type { UserId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { DomainError } from '#shared/graphql/domain-error.ts';

/**
 * Publishes, after a commit, whose credentials or roles may have changed. Once too often does no
 * harm: receivers ask what is true.
 */
export type TellOfCredentials = (userId: UserId) => void;

/** Publishes it to every gateway, over the bus. */
export function credentialNewsOn(bus: EventBus): TellOfCredentials {
  return (userId) => bus.publish('credentials.changed', { userId });
}

/**
 * Runs work, and publishes it if it changed a user's credentials or roles: every gateway asks about
 * them again.
 * @param hasChanged whether it did; the answer of a commit can be lost, and then it is published
 *   too
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
