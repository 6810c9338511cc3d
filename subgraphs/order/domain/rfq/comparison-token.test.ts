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
      ['is unknown when it is not there', undefined, {}, 0, 'unknown'],
      [
        'is unknown to another account',
        token,
        { accountId: trusted(parseAccountId, 'a-2') },
        0,
        'unknown',
      ],
      [
        'is of its instrument alone',
        token,
        { symbol: trusted(parseInstrumentSymbol, 'ETH-USDT') },
        0,
        'mismatch',
      ],
      ['is of its side alone', token, { side: 'SELL' }, 0, 'mismatch'],
      ['is of its quantity alone', token, { quantity: quantityOfUnits(6n) }, 0, 'mismatch'],
      ['is of its request alone', token, { rfqId: trusted(parseRfqId, 'r-2') }, 0, 'mismatch'],
      ['has expired at its instant exactly', token, {}, 100, 'expired'],
      ['is used once', used, {}, 0, 'used'],
      ['is used, rather than expired', used, {}, 100, 'used'],
      ['is a mismatch, rather than used', used, { side: 'SELL' }, 0, 'mismatch'],
    ],
  )('%s', (_name, shown, change, nowMs, fault) => {
    expect(tokenFault(shown, { ...use, ...change }, nowMs)).toBe(fault);
  });
});
