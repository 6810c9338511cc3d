import { type Desk, deskOn, type DeskOptions, type RunningDesk, runDesk } from './harness.ts';
import type { TraderClient } from './trader-client.ts';

/** On a still market there are no quotes, and only clients trade; on a moving one they flow, and the house trades. */
export type Market = 'still' | 'moving';

const OPTIONS: Readonly<Record<Market, DeskOptions>> = {
  still: { feedStart: 'first-subscription' },
  moving: { feedStart: 'immediately' },
};
const CANCEL_ALL = /* GraphQL */ `
  mutation CancelAll($input: CancelAllOrdersInput!) {
    cancelAllOrders(input: $input) {
      __typename
    }
  }
`;

const running = new Map<Market, Promise<RunningDesk>>();

/**
 * The one desk of its market for all files that leave a desk as they found it: no option of their own, no
 * process killed, nobody to quotes on a still market. It is started for the first of them and ends with the
 * tests' process; `stop()` takes the orders of this file's clients off the books.
 */
export async function shareDesk(market: Market): Promise<Desk> {
  const desk = running.get(market) ?? runDesk(OPTIONS[market]);
  running.set(market, desk);
  return deskOn(await desk, cancelAll);
}

async function cancelAll(clients: readonly TraderClient[]): Promise<void> {
  for (const client of clients) {
    const { accountId } = client;
    if (accountId !== '') await client.request(CANCEL_ALL, { input: { accountId } });
  }
}
