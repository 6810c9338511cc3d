import type { UserId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { Logger } from '#shared/logging/logger.ts';

/** From one try to listen to the next, while the bus is away. */
const RETRY_MS = 1000;

/** Anyone who remembers something of credentials, or looks after what lives on them. */
export interface CredentialFollower {
  /** It may not be so any more for this person; for anybody, when it is null. */
  lookAgain(userId: UserId | null): void;
}

/**
 * Listens for changed credentials, and lets the followers look again at once, in their order. A
 * message is believed about nothing but where to look, so a forged one costs a question and opens
 * nothing; where messages may have been lost everybody is looked at.
 * @param bus where it is told; there is nothing to hear without one
 * @returns what ends it
 */
export function followCredentials(
  bus: EventBus | undefined,
  followers: readonly CredentialFollower[],
  logger: Logger,
): () => Promise<void> {
  if (bus === undefined) return () => Promise.resolve();
  const lookAgain = (userId: UserId | null) =>
    followers.forEach((follower) => follower.lookAgain(userId));
  let end: () => unknown = () => undefined;
  let isStopped = false;
  const listen = async () => {
    const news = await bus.subscribe('credentials.changed');
    if (isStopped) return void news.return?.();
    end = () => news.return?.();
    lookAgain(null); // what was told before is not heard
    for await (const signal of news)
      lookAgain(signal.kind === 'gap' ? null : userOf(signal.message));
  };
  const listenOn = async () => {
    while (!isStopped) {
      try {
        return await listen();
      } catch (cause) {
        logger.warn({ err: cause }, 'credential changes are not being received; polling only');
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, RETRY_MS);
          end = () => (clearTimeout(timer), resolve());
        });
      }
    }
  };
  const listening = listenOn();
  return async () => {
    isStopped = true;
    end();
    await listening;
  };
}

/** Whom a message is about; anybody, when it does not say so as it should. */
function userOf(message: unknown): UserId | null {
  const { userId } = (message ?? {}) as { readonly userId?: UserId };
  return typeof userId === 'string' ? userId : null;
}
