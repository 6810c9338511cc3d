import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk } from './test-desk.ts';

const PREVIEW = /* GraphQL */ `
  query ($input: PlaceOrderInput!) {
    previewOrder(input: $input) {
      __typename
      ... on OrderPreview {
        wouldBeAccepted
        violations {
          reason
          nearestValid
        }
        end
        estimatedFilledQuantity
        estimatedAverageFillPrice
        notional
        estimatedFee
        total
        slippageBps
        holdAsset
        holdAmount
        bestBid
        bestAsk
      }
    }
  }
`;

describe('previewOrder', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startTestDesk();
  });
  afterAll(() => desk.stop());

  it('tells what placing then does, and uses nothing up', async () => {
    const trader = await desk.aTrader({ USDT: '100000' });
    desk.quote({
      bids: [['59999', '1']],
      asks: [
        ['60001', '0.5'],
        ['60003', '5'],
      ],
    });
    const input = trader.market('BUY', '1');
    const { data } = await trader.query(PREVIEW, { input });
    expect(data).toEqual({
      previewOrder: {
        __typename: 'OrderPreview',
        wouldBeAccepted: true,
        violations: [],
        end: 'FILLED',
        estimatedFilledQuantity: '1.00000',
        estimatedAverageFillPrice: '60002.00',
        notional: '60002.00000000',
        estimatedFee: '60.00200000',
        total: '60062.00200000',
        slippageBps: '0.333333333333333333',
        holdAsset: 'USDT',
        holdAmount: expect.any(String) as string,
        bestBid: '59999.00',
        bestAsk: '60001.00',
      },
    });
    expect(await trader.place(input)).toMatchObject({
      replayed: false,
      order: { averageFillPrice: '60002.00', fees: '60.00200000' },
    });
  });

  it('tells all that would deny it, and what would pass', async () => {
    const trader = await desk.aTrader();
    desk.quote({ bids: [['59999', '1']], asks: [['60001', '1']] });
    const input = trader.limit('BUY', '0.000001', '60000.001');
    const { data } = await trader.query(PREVIEW, { input });
    expect(data).toMatchObject({
      previewOrder: {
        wouldBeAccepted: false,
        end: null,
        violations: [
          { reason: 'PRICE_OFF_TICK', nearestValid: '60000.00' },
          { reason: 'QUANTITY_OFF_STEP' },
          { reason: 'QUANTITY_BELOW_MINIMUM' },
          { reason: 'NOTIONAL_BELOW_MINIMUM' },
        ],
      },
    });
  });

  it('is of one’s own accounts only', async () => {
    const [trader, other] = [await desk.aTrader(), await desk.aTrader()];
    const { data } = await trader.query(PREVIEW, { input: other.market('BUY', '1') });
    expect(data).toEqual({ previewOrder: { __typename: 'AccountNotFound' } });
  });
});
