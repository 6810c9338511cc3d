import type { UserId } from '#shared/domain/ids.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import type { Rfq } from '../../subgraphs/order/domain/rfq/rfq.ts';
import { drawnPrice, instrumentOf } from './drawn-orders.ts';
import type { Misfortune } from '../misfortune.ts';
import type { ToldOfRfq } from '../invariants/rfq-told.ts';
import type { SimulatedDesk } from '../simulated-desk.ts';
import type { SimulatedQuoting } from '../simulated-quoting.ts';
import type { UnreliableNetwork } from '../outside/unreliable-network.ts';
import type { VirtualTime } from '../virtual-time.ts';

const TIMEOUT_MS = 5000;
const LONGEST_IDLE_MS = 3000;
const LONGEST_PAUSE_MS = 700;
const MOST_QUOTES = 3;
const GIVE_BACK_SHARE = 0.4;

/** A trader of the desk who takes requests from the machine, quotes them by hand, and gives some back. */
export class HandTrader {
  readonly told: ToldOfRfq[] = [];
  readonly #traderId: UserId;
  readonly #desk: () => SimulatedDesk;
  readonly #network: UnreliableNetwork;
  readonly #time: VirtualTime;
  readonly #misfortune: Misfortune;

  constructor(
    traderId: UserId,
    options: {
      readonly desk: () => SimulatedDesk;
      readonly network: UnreliableNetwork;
      readonly time: VirtualTime;
      readonly misfortune: Misfortune;
    },
  ) {
    this.#traderId = traderId;
    this.#desk = options.desk;
    this.#network = options.network;
    this.#time = options.time;
    this.#misfortune = options.misfortune;
  }

  /** Handles one request after the other until it is calm. */
  work(): void {
    this.#time.after(this.#misfortune.random.between(1, LONGEST_IDLE_MS), () => {
      if (this.#misfortune.isCalm) return;
      void this.#handleOne();
      this.work();
    });
  }

  async #handleOne(): Promise<void> {
    const { random } = this.#misfortune;
    const [first, ...others] = (await this.#ask((desk) => desk.open())) ?? [];
    if (first === undefined) return;
    const rfq = random.pick([first, ...others]);
    const [rfqId, traderId] = [rfq.id, this.#traderId];
    await this.#ask((desk) => desk.takeOver({ rfqId, isTaken: true, traderId }));
    for (let quotes = random.between(0, MOST_QUOTES); quotes > 0; quotes -= 1) {
      await this.#pause();
      await this.#quote(rfq);
    }
    await this.#pause();
    if (!random.chance(GIVE_BACK_SHARE)) return;
    await this.#ask((desk) => desk.takeOver({ rfqId, isTaken: false, traderId }));
  }

  async #quote(rfq: Rfq): Promise<void> {
    const { random } = this.#misfortune;
    const { tickSize } = instrumentOf(rfq.symbol);
    const bid = drawnPrice(random);
    const ask = priceOfUnits(bid + BigInt(random.between(1, 5)) * tickSize);
    const only = (isMeant: boolean, price: Price) => (isMeant ? price : null);
    const command = {
      rfqId: rfq.id,
      traderId: this.#traderId,
      bidPrice: only(rfq.side !== 'BUY', bid),
      askPrice: only(rfq.side !== 'SELL', ask),
    };
    const outcome = await this.#ask((desk) => desk.quoteByHand(command));
    if (outcome?.kind === 'done' && outcome.quote !== null)
      this.told.push({ kind: 'quoted', quote: outcome.quote });
  }

  #pause(): Promise<void> {
    const { random } = this.#misfortune;
    return new Promise((resolve) => this.#time.after(random.between(1, LONGEST_PAUSE_MS), resolve));
  }

  async #ask<Answer>(what: (desk: SimulatedQuoting) => Promise<Answer>): Promise<Answer | null> {
    try {
      return await this.#network.call(async () => what(this.#desk().quoting), TIMEOUT_MS);
    } catch {
      return null;
    }
  }
}
