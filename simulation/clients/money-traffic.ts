import type { AccountId } from '#shared/domain/ids.ts';
import type { LedgerChanges } from '../../subgraphs/account/domain/ledger-draft.ts';
import type { LedgerEntryType } from '../../subgraphs/account/domain/ledger-entry.ts';
import { moneyViolations } from '../invariants/money-invariants.ts';
import { MoneyMover, type MoneySurroundings } from './money-mover.ts';
import type { SimulatedDesk } from '../simulated-desk.ts';
import type { Violation } from '../violation.ts';

const MOVEMENTS = 4;
/** The share of accounts that the desk freezes for a while. */
const FROZEN_SHARE = 0.3;
const LONGEST_FREEZE_MS = 3000;
/** The share of accounts whose owner closes them in the middle of everything. */
const CLOSED_SHARE = 0.12;
const CLOSING_EVERY_MS = 500;
/** What is settled late can arrive after each try to close; then it is taken out, too. */
const CLOSING_TRIES = 60;
const TIMEOUT_MS = 5000;

/** What the money of all accounts moves in. */
export interface MoneyTrafficSurroundings extends MoneySurroundings {
  /** Returns the current order process. @throws Error if there is none */
  readonly desk: () => SimulatedDesk;
}

/** What happens to accounts beside their orders: money moves, the desk freezes and corrects, owners close them. */
export class MoneyTraffic {
  /** One for each account. */
  readonly movers: readonly MoneyMover[];
  readonly #surroundings: MoneyTrafficSurroundings;
  #freezes = 0;
  #closing = 0;

  constructor(accounts: readonly AccountId[], surroundings: MoneyTrafficSurroundings) {
    this.#surroundings = surroundings;
    this.movers = accounts.map((accountId, index) => {
      const next = accounts[(index + 1) % accounts.length] ?? accountId;
      const others = accounts.filter((other) => other !== accountId && other !== next);
      return new MoneyMover(accountId, [next, next, ...others], surroundings);
    });
  }

  /** Starts everything, at random times within this long. */
  begin(withinMs: number): void {
    const { misfortune } = this.#surroundings;
    for (const mover of this.movers) {
      mover.move(MOVEMENTS);
      if (misfortune.strikes(FROZEN_SHARE)) this.#freeze(mover.accountId, withinMs);
      if (misfortune.strikes(CLOSED_SHARE)) this.#close(mover, withinMs);
    }
  }

  /** How often the desk froze an account, owners closed one, and money was moved or put right. */
  get counts(): Readonly<
    Record<'freezes' | 'closing' | 'closed' | 'movements' | 'corrections', number>
  > {
    const { ledger } = this.#surroundings;
    const { transfers } = ledger.changes();
    const ofType = (...types: readonly LedgerEntryType[]) =>
      transfers.filter(({ type }) => types.includes(type)).length;
    return {
      ...{ freezes: this.#freezes, closing: this.#closing, closed: ledger.closedAt.size },
      movements: ofType('DEPOSIT', 'WITHDRAWAL', 'TRANSFER'),
      corrections: ofType('CORRECTION'),
    };
  }

  /** What is wrong with the ledger, and with what movers were told. */
  violations(ledger: LedgerChanges): readonly Violation[] {
    const told = this.movers.flatMap((mover) => mover.told);
    return moneyViolations(ledger, told, this.#surroundings.ledger.closedAt);
  }

  #freeze(accountId: AccountId, withinMs: number): void {
    const { time, misfortune, ledger } = this.#surroundings;
    const { random } = misfortune;
    const from = random.between(1, withinMs);
    time.after(from, () => {
      this.#freezes += 1;
      ledger.freeze(accountId, 'HALTED');
    });
    time.after(from + random.between(1, LONGEST_FREEZE_MS), () =>
      ledger.freeze(accountId, 'ACTIVE'),
    );
  }

  #close(mover: MoneyMover, withinMs: number): void {
    const { time, misfortune } = this.#surroundings;
    time.after(misfortune.random.between(1, withinMs), () => {
      this.#closing += 1;
      void this.#closeWithin(mover, CLOSING_TRIES);
    });
  }

  /** Cancels everything, takes everything out and closes the account, again and again until it is closed. */
  async #closeWithin(mover: MoneyMover, tries: number): Promise<void> {
    const { ledger, network, desk, time } = this.#surroundings;
    const { accountId } = mover;
    await network.call(async () => desk().cancelAll(accountId), TIMEOUT_MS).catch(() => undefined);
    await mover.takeOut();
    if (ledger.close(accountId) || tries === 0) return;
    time.after(CLOSING_EVERY_MS, () => void this.#closeWithin(mover, tries - 1));
  }
}
