import type { Topic, Topics } from './topics.ts';

/** What a subscriber hears: messages in the order they were published, and breaks in between. */
export type BusSignal<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  /** Messages may have been lost here; whoever needs them all reads the store again. */
  | { readonly kind: 'gap' };

/** A live subscription. `return()` (or leaving a `for await`) ends it; that may be done twice. */
export type BusSubscription<Message> = AsyncIterableIterator<BusSignal<Message>, undefined>;

/**
 * How the units tell each other what happened. At most once: a message may be lost (a gap says so),
 * so nothing of value lives here alone; the stores are the truth.
 *
 * One suite (`test-event-bus-contract.ts`) holds every adapter to what is promised here.
 */
export interface EventBus {
  /** Hands a message to every subscriber of this moment. Never throws for an absent one. */
  publish<T extends Topic>(topic: T, message: Topics[T]): void;
  /**
   * Listens from this call on: when the promise resolves, later messages will be heard. Each
   * subscriber has a bounded queue; one that does not keep up loses the oldest and hears a gap.
   */
  subscribe<T extends Topic>(topic: T): Promise<BusSubscription<Topics[T]>>;
  /** Whether messages can get through at this moment. */
  isConnected(): boolean;
  /** Ends all subscriptions and releases connections. Publishing afterwards is silent. */
  dispose(): Promise<void>;
}
