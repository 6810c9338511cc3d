import type { TraderClient } from './trader-client.ts';

/** A request for quote of a trader's, with the token of its comparison. */
export async function comparedRequestOf(trader: TraderClient) {
  const about = { clientRfqId: 'theirs-1', symbol: 'BTC-USDT', side: 'BUY', quantity: '0.01' };
  const { compareExecution } = await trader.request<{
    compareExecution: {
      rfq: { id: string; quotes: readonly { id: string }[] };
      comparisonToken: string;
    };
  }>(
    `mutation ($input: CompareExecutionInput!) {
      compareExecution(input: $input) {
        ... on ExecutionComparison { comparisonToken rfq { id quotes { id } } }
      }
    }`,
    { input: { accountId: trader.accountId, ...about } },
  );
  return compareExecution;
}
