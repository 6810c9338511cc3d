import type { Logger } from '#shared/logging/logger.ts';
import type { JournalRecord } from '../domain/journal-store.ts';
import { NO_SUSPECTS, type Suspects } from './suspects.ts';

/** That with which the journal cannot continue. */
export interface Faulty extends Suspects {
  /** Whether the exits of what they bought follow; not once a turn with them was refused, too. */
  readonly hasExits: boolean;
}

/**
 * Finds out whose fault it is that a turn is refused for its content. From then on each turn does a single thing, until it is
 * known: a command fails, or the order or the request for quote with which the journal continued by itself is set aside. If
 * several were part of it, such as the two orders of a trade, they are set aside together, or one by one if that is refused.
 * One that cannot even be set aside is left out of the books. Then all others go on together again.
 */
export class FaultSearch {
  readonly #logger: Logger;
  #isCareful = false;
  #faulty: Faulty | null = null;
  /** What is set aside after that, one by one. */
  #others: readonly Faulty[] = [];
  readonly #leftOut = new Set<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Whether each turn does a single thing. */
  get isCareful(): boolean {
    return this.#isCareful;
  }

  /** What the next turn sets aside, and does nothing else; null for nothing. */
  get faulty(): Faulty | null {
    return this.#faulty;
  }

  /** A record without what is out of the books until an owner that begins reads it. */
  without(record: JournalRecord): JournalRecord {
    const isIn = ({ id }: { readonly id: string }) => !this.#leftOut.has(id);
    const rfq = { ...record.rfq, rfqs: record.rfq.rfqs.filter(isIn) };
    return { ...record, orders: record.orders.filter(isIn), rfq };
  }

  /** Commands arrive that have nothing to do with those before. */
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

  /** The books are given away. */
  resigned(): void {
    this.lost();
    this.#leftOut.clear();
  }

  /**
   * A turn is refused.
   * @param named what it was about when it failed, if it had begun
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
    // What the store refuses of its end, it would refuse in every turn, and with it everything else.
    const [id = ''] = idsOf(faulty);
    const isNew = !this.#leftOut.has(id);
    this.#leftOut.add(id);
    this.#logger.error(faulty, 'left out of the books what cannot be ended');
    this.#next();
    return !isNew;
  }

  /** Goes on with what else is set aside, or with everything again. */
  #next(): void {
    const [next = null, ...others] = this.#others;
    [this.#faulty, this.#others] = [next, others];
    this.#isCareful = next !== null;
  }
}

/** Each of several, to be set aside by itself. */
function eachOf({ orderIds, rfqIds }: Suspects): readonly Faulty[] {
  return [
    ...orderIds.map((id) => ({ orderIds: [id], rfqIds: [], hasExits: true })),
    ...rfqIds.map((id) => ({ orderIds: [], rfqIds: [id], hasExits: true })),
  ];
}

function idsOf({ orderIds, rfqIds }: Suspects): readonly string[] {
  return [...orderIds, ...rfqIds];
}
