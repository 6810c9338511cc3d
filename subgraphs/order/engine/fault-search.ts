import type { Logger } from '#shared/logging/logger.ts';
import type { JournalRecord } from '../domain/ports/journal-store.ts';
import { NO_SUSPECTS, type Suspects } from './suspects.ts';

/** The orders and requests for quote with which the journal cannot continue. */
export interface Faulty extends Suspects {
  /** Whether exits for what they bought are placed; no longer once a turn with them was refused too. */
  readonly hasExits: boolean;
}

/**
 * Finds the cause when a turn is refused for its content. From then on each turn does a single thing, until the cause is
 * known: a command, which fails, or an order or a request for quote with which the journal continued by itself, which is
 * set aside. If several were part of it, such as the two orders of a trade, they are set aside together, or one by one if
 * that is refused. What cannot even be set aside is left out of the books. Then turns do many things again.
 */
export class FaultSearch {
  readonly #logger: Logger;
  #isCareful = false;
  #faulty: Faulty | null = null;
  /** What is set aside after {@link FaultSearch.faulty}, one by one. */
  #others: readonly Faulty[] = [];
  readonly #leftOut = new Set<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Whether each turn does a single thing. */
  get isCareful(): boolean {
    return this.#isCareful;
  }

  /** What the next turn sets aside, without doing anything else; null for nothing. */
  get faulty(): Faulty | null {
    return this.#faulty;
  }

  /** A record without what is left out of the books, until their next owner reads it. */
  without(record: JournalRecord): JournalRecord {
    const isIn = ({ id }: { readonly id: string }) => !this.#leftOut.has(id);
    const rfq = { ...record.rfq, rfqs: record.rfq.rfqs.filter(isIn) };
    return { ...record, orders: record.orders.filter(isIn), rfq };
  }

  /** Commands arrive that are unrelated to the earlier ones. */
  begin(): void {
    this.#isCareful = false;
  }

  /** A turn is stored. */
  stored(): void {
    if (this.#faulty !== null) this.#next();
  }

  /** A turn was lost for another reason than its content. */
  lost(): void {
    [this.#faulty, this.#others] = [null, []];
  }

  /** Another process takes over the books. */
  resigned(): void {
    this.lost();
    this.#leftOut.clear();
  }

  /**
   * A turn is refused.
   * @param named what the turn was working on when it failed, if it had begun
   * @returns whether its one command is at fault
   */
  refused(named: Suspects = NO_SUSPECTS): boolean {
    if (this.#faulty !== null) return this.#refusedAside(this.#faulty);
    if (!this.#isCareful) {
      this.#isCareful = true;
      return false;
    }
    this.#isCareful = idsOf(named).length > 0;
    if (!this.#isCareful) return true;
    this.#faulty = { ...named, hasExits: true };
    this.#logger.error(named, 'setting aside what a turn cannot continue');
    return false;
  }

  #refusedAside(faulty: Faulty): boolean {
    if (faulty.hasExits && faulty.orderIds.length > 0) {
      this.#faulty = { ...faulty, hasExits: false };
      return false;
    }
    const [one, ...others] = eachOf(faulty);
    if (one !== undefined && others.length > 0) {
      [this.#faulty, this.#others] = [one, others];
      return false;
    }
    // The store would refuse its end in every turn, and everything else in that turn with it.
    const [id = ''] = idsOf(faulty);
    const isNew = !this.#leftOut.has(id);
    this.#leftOut.add(id);
    this.#logger.error(faulty, 'left out of the books what cannot be ended');
    this.#next();
    return !isNew;
  }

  /** Continues with what else must be set aside, or with everything. */
  #next(): void {
    const [next = null, ...others] = this.#others;
    [this.#faulty, this.#others] = [next, others];
    this.#isCareful = next !== null;
  }
}

/** Each of several suspects alone. */
function eachOf({ orderIds, rfqIds }: Suspects): readonly Faulty[] {
  return [
    ...orderIds.map((id) => ({ orderIds: [id], rfqIds: [], hasExits: true })),
    ...rfqIds.map((id) => ({ orderIds: [], rfqIds: [id], hasExits: true })),
  ];
}

function idsOf({ orderIds, rfqIds }: Suspects): readonly string[] {
  return [...orderIds, ...rfqIds];
}
