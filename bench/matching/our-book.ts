import {
  type AccountId,
  type OrderId,
  parseAccountId,
  parseOrderId,
  trusted,
} from '#shared/domain/ids.ts';
import { NO_HOUSE_LEVELS } from '../../subgraphs/order/domain/house-liquidity.ts';
import type { IncomingOrder } from '../../subgraphs/order/domain/book/incoming-order.ts';
import { executeSteps, matchOrder } from '../../subgraphs/order/domain/book/match-order.ts';
import { OrderBook } from '../../subgraphs/order/domain/book/order-book.ts';
import type { MatchingEngine } from './engine.ts';
import type { Command } from './workload.ts';

/** An order with the names that it has in the journal, or the priority of one to cancel. */
type Prepared =
  | { readonly incoming: IncomingOrder; readonly orderId: OrderId; readonly priority: number }
  | { readonly incoming: null; readonly priority: number };

/** How many accounts there are. */
const ACCOUNTS = 1000;

/** The engine as the built-in venue calls it. */
export function ourBook(): MatchingEngine<Prepared> {
  const book = new OrderBook();
  const nextPriority = () => {
    throw new Error('there are no icebergs');
  };
  return {
    prepare,
    run: (prepared) => {
      if (prepared.incoming === null) {
        book.remove(prepared.priority);
        return 0;
      }
      const { incoming, orderId, priority } = prepared;
      const { steps, residual } = matchOrder(book, NO_HOUSE_LEVELS, incoming);
      executeSteps(book, steps, nextPriority);
      if (residual.kind === 'rests')
        book.add({
          orderId,
          accountId: incoming.accountId,
          placedBy: incoming.placedBy,
          priority,
          side: incoming.side,
          priceTicks: residual.priceTicks,
          shownSteps: residual.quantitySteps,
          hiddenSteps: 0,
          displaySteps: null,
        });
      let traded = 0;
      for (const step of steps) if (step.kind === 'match') traded += step.quantitySteps;
      return traded;
    },
  };
}

function prepare(command: Command): Prepared {
  if (command.kind === 'CANCEL') return { incoming: null, priority: command.id };
  const isTake = command.kind === 'TAKE';
  const { side, quantitySteps } = command;
  const priority = isTake ? 0 : command.id;
  const worst = side === 'BUY' ? Number.MAX_SAFE_INTEGER : 1;
  const incoming: IncomingOrder = {
    accountId: accountOf(isTake ? 'taker' : `account-${priority % ACCOUNTS}`),
    placedBy: null,
    side,
    worstTicks: isTake ? worst : command.priceTicks,
    quantitySteps,
    quoteBudget: null,
    orderType: isTake ? 'MARKET' : 'LIMIT',
    timeInForce: isTake ? 'IOC' : 'GTC',
    postOnly: 'OFF',
    selfTradePrevention: 'CANCEL_TAKER',
  };
  return { incoming, orderId: trusted(parseOrderId, `order-${priority}`), priority };
}

function accountOf(name: string): AccountId {
  return trusted(parseAccountId, name);
}
