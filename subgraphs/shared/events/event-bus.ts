import type { Topic, Topics } from './topics.ts';

/** What a subscriber receives: messages in the order of publishing, and gaps between them. */
export type BusSignal<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  /** Messages may have been lost here; a subscriber that needs them all reads the store again. */
  | { readonly kind: 'gap' };

/** A live subscription. `return()` (or leaving a `for await`) ends it; that can be done twice. */
export type BusSubscription<Message> = AsyncIterableIterator<BusSignal<Message>, undefined>;

/**
 * How the units notify each other. At most once: a message can be lost (a gap reports that), so
 * nothing of value is here alone; the stores are the truth.
 *
 * One suite (`test-event-bus-contract.ts`) tests every adapter for what is promised here.
 */
export interface EventBus {
  /**
   * Sends a message to everyone who subscribes at this moment. Never throws, even without
   * subscribers.
   */
  publish<T extends Topic>(topic: T, message: Topics[T]): void;
  /**
   * Subscribes: when the promise resolves, later messages will be received. Each subscriber has a
   * bounded queue; one that does not keep up loses the oldest and receives a gap.
   * @param isWanted whether a message is for this subscriber, which then gets no others: many
   *   subscribers of few messages each cost next to nothing. Must not throw; all messages if omitted
   * @throws DomainError UNAVAILABLE if the bus does not respond
   */
  subscribe<T extends Topic>(
    topic: T,
    isWanted?: (message: Topics[T]) => boolean,
  ): Promise<BusSubscription<Topics[T]>>;
  /** Whether messages can get through at this moment. */
  isConnected(): boolean;
  /** Ends all subscriptions and releases connections. Publishing afterwards does nothing. */
  dispose(): Promise<void>;
}
