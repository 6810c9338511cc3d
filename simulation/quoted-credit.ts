import { ONE } from '#shared/domain/decimal.ts';
import type { RfqId } from '#shared/domain/ids.ts';
import type { RfqAccept } from '../subgraphs/order/domain/rfq/rfq.ts';
import type { CreditLimit } from '../subgraphs/order/domain/rfq/credit.ts';
import { QUOTING } from './quoting-settings.ts';
import type { RfqLife, RfqStep } from './rfq-lives.ts';

interface Unsettled {
  readonly accountId: RfqLife['accountId'];
  /** In the quote asset, which all instruments share; negative if the client sold. */
  readonly signed: bigint;
}

/** Counts accepted trades from the accept to the settlement, and checks each accept against the limits. */
export class QuotedCredit {
  readonly #unsettled = new Map<RfqId, Unsettled>();

  /** @returns what is wrong with the step */
  take({ event, life, rfq }: RfqStep): readonly string[] {
    const { accountId } = life;
    if (event.type === 'ACCEPT_PENDING' && 'accept' in rfq.state) {
      this.#unsettled.set(life.id, { accountId, signed: atWorst(rfq.state.accept) });
      return [
        ...this.#beyond(QUOTING.credit.client, accountId),
        ...this.#beyond(QUOTING.credit.desk, null),
      ].map((what) => `${life.id} makes ${what}`);
    }
    const { settlement } = event;
    if (event.type === 'REJECTED' || settlement?.state.status === 'SETTLED')
      this.#unsettled.delete(life.id);
    else if (settlement !== null) {
      const { side, notional } = settlement;
      this.#unsettled.set(life.id, { accountId, signed: side === 'BUY' ? notional : -notional });
    }
    return [];
  }

  #beyond({ gross, net }: CreditLimit, accountId: RfqLife['accountId'] | null): readonly string[] {
    let [sum, difference] = [0n, 0n];
    for (const one of this.#unsettled.values()) {
      if (accountId !== null && one.accountId !== accountId) continue;
      sum += one.signed < 0n ? -one.signed : one.signed;
      difference += one.signed;
    }
    const whose = accountId ?? 'the desk';
    return [
      ...(sum > gross ? [`${sum} unsettled of ${whose}`] : []),
      ...(difference > net || -difference > net ? [`${difference} net of ${whose}`] : []),
    ];
  }
}

function atWorst({ side, price, quantity, maxSlippageBps }: RfqAccept): bigint {
  if (side === 'SELL') return -((price * quantity) / ONE);
  return (price * (10_000n + BigInt(maxSlippageBps)) * quantity) / (10_000n * ONE);
}
