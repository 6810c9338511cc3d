import type { UserId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { Logger } from '#shared/logging/logger.ts';

/** The pause between two tries to listen while the bus is away. */
const RETRY_MS = 1000;

/** Something that remembers credentials, or watches connections that depend on them. */
export interface CredentialFollower {
  /** This user's credentials may have changed; null for everybody's. */
  lookAgain(userId: UserId | null): void;
}

/**
 * Listens for published changes of credentials, and lets the followers check again at once, in
 * their order. A message is believed only about where to look, so a forged one costs a question and
 * opens nothing. If messages may have been lost everybody is checked.
 * @param bus where changes are published; without one nothing is heard
 * @returns a function that ends it
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
    lookAgain(null); // earlier messages were not received
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

/** The user a message is about; everybody if it does not name one as it should. */
function userOf(message: unknown): UserId | null {
  const { userId } = (message ?? {}) as { readonly userId?: UserId };
  return typeof userId === 'string' ? userId : null;
}
