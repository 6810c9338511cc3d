import type { UserId } from '#shared/domain/ids.ts';

/**
 * Names a client's connection that guards orders, together with whose it is: the same connection named
 * by somebody else is another one, and not there. `/` is in neither id.
 */
export function connectionGuard(userId: UserId, connectionId: string): string {
  return `${userId}/${connectionId}`;
}

/** The connection of a guard, without whose it is. */
export function connectionOfGuard(guard: string): string {
  return guard.slice(guard.indexOf('/') + 1);
}
