import { ABSENT } from './id-kinds.ts';
import { poll } from './poll.ts';
import type { TraderClient } from './trader-client.ts';

/** More than twice as long as a connection is believed to be there. */
const GUARDS_KNOWN_MS = 30_000;

/**
 * After its start a desk believes in every connection until its gateways have told of theirs: only then
 * is one that is not there refused.
 */
export async function untilConnectionsAreKnown(trader: TraderClient): Promise<void> {
  const { accountId } = trader;
  const terms = { limit: { quantity: '0.01', limitPrice: '50000' } };
  const order = { clientOrderId: 'never-placed', symbol: 'BTC-USDT', side: 'BUY', terms };
  await poll(async () => {
    const { previewOrder } = await trader.request<{
      previewOrder: { violations: readonly { reason: string }[] };
    }>(
      `query ($input: PlaceOrderInput!) {
        previewOrder(input: $input) { ... on OrderPreview { violations { reason } } }
      }`,
      { input: { accountId, ...order, guardConnectionId: ABSENT.connection } },
    );
    return previewOrder.violations.some(({ reason }) => reason === 'GUARD_NOT_CONNECTED');
  }, GUARDS_KNOWN_MS);
}
