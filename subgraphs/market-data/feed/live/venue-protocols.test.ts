import { expect, it } from 'vitest';
import { venueSymbols } from '../../domain/catalog/catalog.ts';
import { BTC_USDT } from '../../test-market.ts';
import { venueProtocol } from './venue-protocols.ts';

it.each([
  [
    'kraken',
    ['book', 'ticker', 'trade'],
    '{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USDT","bids":[],"asks":[],"checksum":0}]}',
  ],
  [
    'coinbase',
    ['level2_batch', 'ticker', 'matches'],
    '{"type":"snapshot","product_id":"BTC-USDT","asks":[],"bids":[]}',
  ],
] as const)(
  '%s is asked for everything again until it sends the first book',
  (venue, channels, book) => {
    const symbols = venueSymbols(venue, [BTC_USDT]);
    const [symbol = ''] = symbols.keys();
    const conversation = venueProtocol(venue).converse(symbols);
    const asked = () => {
      const rebuild = conversation.rebuild(symbol);
      const texts = rebuild.kind === 'say' ? rebuild.messages : [];
      expect(texts[0]).toContain('unsubscribe');
      return channels.filter((name) => texts.slice(1).some((text) => text.includes(`"${name}"`)));
    };
    expect(conversation.needsSnapshot()).toEqual([symbol]);
    expect(asked()).toEqual(channels);
    expect(conversation.frame(book)).not.toEqual([]);
    expect(asked()).toEqual(channels.slice(0, 1));
  },
);
