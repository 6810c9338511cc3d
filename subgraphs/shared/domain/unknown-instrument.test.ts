import { expect, it } from 'vitest';
import { unknownInstrumentMessage } from './unknown-instrument.ts';

it('an unknown symbol is named, and a malformed one is answered with the form of a symbol', () => {
  expect(unknownInstrumentMessage('FOO-BAR')).toBe('There is no instrument FOO-BAR.');
  for (const symbol of ['BTCUSDT', 'btc-usdt', 'BTC/USDT', ''])
    expect(unknownInstrumentMessage(symbol)).toBe(
      `There is no instrument "${symbol}": a symbol is BASE-QUOTE in capital letters, like BTC-USDT.`,
    );
  expect(unknownInstrumentMessage('x'.repeat(10_000)).length).toBeLessThan(200);
});
