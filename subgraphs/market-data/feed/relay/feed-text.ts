import type { FeedEvent } from '../../domain/feed-event.ts';

/** Members with bigint values; JSON represents all others. */
const COUNTS: ReadonlySet<string> = new Set([
  'price',
  'quantity',
  'tickSize',
  'quantityStep',
  'minQuantity',
  'maxQuantity',
  'minNotional',
  'maxNotional',
]);

/** Events as text for another process. */
export function feedText(events: readonly FeedEvent[]): string {
  return JSON.stringify(events, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

/** The reverse of {@link feedText}. */
export function feedEvents(text: string): readonly FeedEvent[] {
  return JSON.parse(text, (key, value: unknown) =>
    typeof value === 'string' && COUNTS.has(key) ? BigInt(value) : value,
  ) as readonly FeedEvent[];
}
