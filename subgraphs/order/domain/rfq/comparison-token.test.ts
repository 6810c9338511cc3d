import { describe, expect, it } from 'vitest';
import {
  parseAccountId,
  parseComparisonTokenId,
  parseInstrumentSymbol,
  parseOrderId,
  parseRfqId,
  trusted,
} from '#shared/domain/ids.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { type ComparisonToken, tokenFault, type TokenUse } from './comparison-token.ts';

const rfqId = trusted(parseRfqId, 'r-1');
const compared = {
  accountId: trusted(parseAccountId, 'a-1'),
  symbol: trusted(parseInstrumentSymbol, 'BTC-USDT'),
  side: 'BUY',
  quantity: quantityOfUnits(5n),
} as const;
const token: ComparisonToken = {
  ...compared,
  id: trusted(parseComparisonTokenId, 't-1'),
  rfqId,
  expiresAt: 100,
  usedBy: null,
};
const used = { ...token, usedBy: trusted(parseOrderId, 'o-1') };
const use: TokenUse = { ...compared, rfqId: null };

describe('the token of a comparison', () => {
  it.each<readonly [string, ComparisonToken | undefined, Partial<TokenUse>, number, string | null]>(
    [
      ['passes for an order', token, {}, 99, null],
      ['passes for a quote of its request', token, { rfqId }, 99, null],
      ['is unknown if there is none', undefined, {}, 0, 'unknown'],
      [
        'is unknown to another account',
        token,
        { accountId: trusted(parseAccountId, 'a-2') },
        0,
        'unknown',
      ],
      [
        'is valid only for its instrument',
        token,
        { symbol: trusted(parseInstrumentSymbol, 'ETH-USDT') },
        0,
        'mismatch',
      ],
      ['is valid only for its side', token, { side: 'SELL' }, 0, 'mismatch'],
      ['is valid only for its quantity', token, { quantity: quantityOfUnits(6n) }, 0, 'mismatch'],
      [
        'is valid only for its request',
        token,
        { rfqId: trusted(parseRfqId, 'r-2') },
        0,
        'mismatch',
      ],
      ['has expired at exactly its expiry', token, {}, 100, 'expired'],
      ['cannot be used twice', used, {}, 0, 'used'],
      ['is reported as used rather than expired', used, {}, 100, 'used'],
      ['is reported as a mismatch rather than used', used, { side: 'SELL' }, 0, 'mismatch'],
    ],
  )('%s', (_name, shown, change, nowMs, fault) => {
    expect(tokenFault(shown, { ...use, ...change }, nowMs)).toBe(fault);
  });
});
