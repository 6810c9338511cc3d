import type { PrivateStreamItem } from '#shared/events/private-stream.ts';
import { streamControlOf } from '#shared/graphql/stream-control.ts';
import type { ResolversTypes } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import type { RfqSnapshot } from '../domain/rfq/rfq-events.ts';

/** What a client learns of one item of a request's stream. */
export function rfqStreamEvent(
  item: PrivateStreamItem<RfqSnapshot>,
  { rfqUseCases }: OrderContext,
): Awaited<ResolversTypes['RfqStreamEvent']> {
  switch (item.kind) {
    case 'snapshot': {
      const { rfq, quotes } = item.snapshot;
      const place = { sequence: item.sequence.toString(), cursor: item.cursor };
      const firmQuotes = quotes.map((quote) => ({ ...quote, symbol: rfq.symbol }));
      return { __typename: 'RfqSnapshot', rfq, firmQuotes, ...place };
    }
    case 'event':
      return { __typename: 'RfqEvent', ...rfqUseCases.readEvent(item), cursor: item.cursor };
    case 'resumed':
    case 'gap':
    case 'heartbeat':
      return streamControlOf(item);
  }
}
