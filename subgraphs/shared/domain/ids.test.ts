import { describe, expect, it } from 'vitest';
import {
  type AccountId,
  type OrderId,
  parseAccountId,
  parseAssetCode,
  parseClientOrderId,
  parseInstrumentSymbol,
  parseOrderId,
  trusted,
} from './ids.ts';

describe('an id', () => {
  it.each(['a', 'A-1_b.c:d', 'x'.repeat(64)])('may be %s', (text) =>
    expect(parseClientOrderId(text)).toBe(text),
  );

  it.each(['', 'x'.repeat(65), 'a b', 'a/b', 'ä', 'a\n', '\u0000', '%00'])(
    'may not be %j',
    (text) => expect(parseClientOrderId(text)).toBeNull(),
  );

  it('of our own making that is malformed is a bug of ours', () => {
    expect(trusted(parseAccountId, 'acc-1')).toBe('acc-1');
    expect(() => trusted(parseAccountId, '')).toThrow('Invariant: a stored id is malformed: ""');
  });

  it('of one kind is not one of another kind', () => {
    // @ts-expect-error ids do not mix
    const wrong: OrderId | null = parseAccountId('acc-1');
    // @ts-expect-error only the parser makes one
    const bare: AccountId = 'acc-1';
    expect([wrong, bare, parseOrderId('acc-1')]).toEqual(['acc-1', 'acc-1', 'acc-1']);
  });
});

describe('symbols and assets', () => {
  it.each(['BTC-USDT', '1INCH-EUR'])('%s is a symbol', (text) =>
    expect(parseInstrumentSymbol(text)).toBe(text),
  );
  it.each(['BTCUSDT', 'btc-usdt', 'BTC-USDT-X', '-', 'BTC-', 'BTC-USDT\n', `${'A'.repeat(16)}-B`])(
    '%j is none',
    (text) => expect(parseInstrumentSymbol(text)).toBeNull(),
  );
  it.each(['usdt', '', 'US DT', 'A'.repeat(16)])('%j is no asset', (text) =>
    expect(parseAssetCode(text)).toBeNull(),
  );
});
