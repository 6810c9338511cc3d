import { ONE } from '#shared/domain/decimal.ts';
import type { RfqId } from '#shared/domain/ids.ts';
import type { RfqAccept } from '../../subgraphs/order/domain/rfq/rfq.ts';
import type { CreditLimit } from '../../subgraphs/order/domain/rfq/credit.ts';
import { QUOTING } from '../quoting-settings.ts';
import type { RfqLife, RfqStep } from './rfq-lives.ts';

interface Unsettled {
  readonly accountId: RfqLife['accountId'];
  /** In the quote asset, which all instruments share; negative if the client sold. */
  readonly signed: bigint;
  /** Whether it may still come to nothing. */
  readonly isPending: boolean;
}

/** Counts accepted trades from the accept to the settlement, and checks each accept against the limits. */
export class QuotedCredit {
  readonly #unsettled = new Map<RfqId, Unsettled>();

  /** @returns what is wrong with the step */
  take({ event, life, rfq }: RfqStep): readonly string[] {
    const { accountId } = life;
    if (event.type === 'ACCEPT_PENDING' && 'accept' in rfq.state) {
      const { accept } = rfq.state;
      this.#unsettled.set(life.id, { accountId, signed: atWorst(accept), isPending: true });
      return [
        ...this.#beyond(QUOTING.credit.client, accept.side, accountId),
        ...this.#beyond(QUOTING.credit.desk, accept.side, null),
      ].map((what) => `${life.id} makes ${what}`);
    }
    const { settlement } = event;
    if (event.type === 'REJECTED' || settlement?.state.status === 'SETTLED')
      this.#unsettled.delete(life.id);
    else if (settlement !== null) {
      const { side, notional } = settlement;
      const signed = side === 'BUY' ? notional : -notional;
      this.#unsettled.set(life.id, { accountId, signed, isPending: false });
    }
    return [];
  }

  /** What one more accept on a side exceeds: the trades of the other side count only once they are made. */
  #beyond(
    { gross, net }: CreditLimit,
    side: RfqAccept['side'],
    accountId: RfqLife['accountId'] | null,
  ): readonly string[] {
    let [sum, difference] = [0n, 0n];
    for (const { signed, isPending, ...one } of this.#unsettled.values()) {
      if (accountId !== null && one.accountId !== accountId) continue;
      const onSide = side === 'BUY' ? signed : -signed;
      sum += onSide < 0n ? -onSide : onSide;
      if (onSide > 0n || !isPending) difference += onSide;
    }
    const whose = accountId ?? 'the desk';
    return [
      ...(sum > gross ? [`${sum} unsettled of ${whose}`] : []),
      ...(difference > net ? [`${difference} net of ${whose}`] : []),
    ];
  }
}

function atWorst({ side, price, quantity, maxSlippageBps }: RfqAccept): bigint {
  if (side === 'SELL') return -((price * quantity) / ONE);
  return (price * (10_000n + BigInt(maxSlippageBps)) * quantity) / (10_000n * ONE);
}
