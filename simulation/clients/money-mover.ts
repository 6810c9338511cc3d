import {
  type AccountId,
  type AssetCode,
  parseTransferId,
  parseUserId,
  trusted,
} from '#shared/domain/ids.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';
import { DESK_ACCOUNTS } from '../../subgraphs/account/domain/account.ts';
import type {
  CorrectMovement,
  LedgerCommand,
  MoveMoney,
} from '../../subgraphs/account/domain/ledger-command.ts';
import type { LedgerAnswer } from '../../subgraphs/account/domain/ledger-outcome.ts';
import { atRandomTimes } from './at-random-times.ts';
import type { Misfortune } from '../misfortune.ts';
import { Repetitions } from './repetitions.ts';
import { RefusedByLedgerError, type SimulatedLedger } from '../outside/simulated-ledger.ts';
import type { UnreliableNetwork } from '../outside/unreliable-network.ts';
import type { VirtualTime } from '../virtual-time.ts';

const TIMEOUT_MS = 5000;
const LONGEST_IDLE_MS = 2000;
const TWIN_SHARE = 0.3;
const ALTERED_SHARE = 0.2;
const CORRECTION_SHARE = 0.25;
/** The smallest amount of every asset. */
const UNIT = 10n ** 10n;
/** Who corrects. */
const DESK = trusted(parseUserId, 'desk');

/** The ledger's answer to a user's command, which must still be true in the end. */
export interface ToldOfMoney {
  readonly issuer: string;
  readonly command: LedgerCommand;
  readonly answer: LedgerAnswer | 'refused';
}

/** What a mover of money acts on. */
export interface MoneySurroundings {
  readonly ledger: SimulatedLedger;
  readonly network: UnreliableNetwork;
  readonly time: VirtualTime;
  readonly misfortune: Misfortune;
}

/** A user who moves money of an account while it trades, and the desk, which corrects now and then. */
export class MoneyMover {
  readonly accountId: AccountId;
  readonly told: ToldOfMoney[] = [];
  readonly #others: readonly [AccountId, ...AccountId[]];
  readonly #surroundings: MoneySurroundings;
  readonly #asked: (readonly [issuer: string, command: LedgerCommand])[] = [];
  readonly #repetitions = new Repetitions();

  /** @param others where its transfers go */
  constructor(
    accountId: AccountId,
    others: readonly [AccountId, ...AccountId[]],
    surroundings: MoneySurroundings,
  ) {
    this.accountId = accountId;
    this.#others = others;
    this.#surroundings = surroundings;
  }

  /** Starts this many movements at random times; they can overlap. */
  move(times: number): void {
    atRandomTimes(this.#surroundings, times, LONGEST_IDLE_MS, () => void this.#act());
  }

  /** Repeats every request. */
  repeatAll(): void {
    for (const [issuer, command] of this.#asked)
      this.#repetitions.add(this.#ask(issuer, command).then((answer) => answer !== null));
  }

  /** How many of the repeated requests have no answer yet. */
  get unanswered(): number {
    return this.#repetitions.unanswered;
  }

  /** Takes everything out that is free, as somebody does who closes the account. */
  async takeOut(): Promise<void> {
    for (const { asset, free } of this.#surroundings.ledger.free(this.accountId))
      if (free > 0n) await this.#request(this.accountId, this.#movement('withdraw', asset, free));
  }

  async #act(): Promise<void> {
    const { random } = this.#surroundings.misfortune;
    const isCorrection = random.chance(CORRECTION_SHARE);
    const issuer = isCorrection ? DESK : this.accountId;
    const command = isCorrection ? this.#drawnCorrection() : this.#drawnMovement();
    if (command === null) return;
    if (random.chance(TWIN_SHARE)) void this.#request(issuer, command);
    if (random.chance(ALTERED_SHARE)) void this.#request(issuer, altered(command));
    await this.#request(issuer, command);
  }

  #drawnMovement(): MoveMoney | null {
    const { ledger, misfortune } = this.#surroundings;
    const { random } = misfortune;
    const [first, ...more] = ledger.free(this.accountId);
    if (first === undefined) return null;
    const { asset, free } = random.pick([first, ...more]);
    const kind = random.pick(['deposit', 'withdraw', 'transfer', 'transfer']);
    // Sometimes all of it, sometimes a little more.
    const share = random.pick([10n, 30n, 100n, 101n]);
    const amount = moneyOfUnits(((free * share) / 100n / UNIT) * UNIT);
    return this.#movement(kind, asset, amount);
  }

  #movement(kind: MoveMoney['kind'], asset: AssetCode, amount: Money): MoveMoney {
    const { EXTERNAL } = DESK_ACCOUNTS;
    const [from, to] = {
      deposit: [EXTERNAL, this.accountId] as const,
      withdraw: [this.accountId, EXTERNAL] as const,
      transfer: [this.accountId, this.#surroundings.misfortune.random.pick(this.#others)] as const,
    }[kind];
    return { kind, transferId: this.#newId(), from, to, asset, amount };
  }

  /** Of any movement that there was, also of a trade, a fee or another correction. */
  #drawnCorrection(): CorrectMovement | null {
    const { ledger, misfortune } = this.#surroundings;
    const { random } = misfortune;
    const { transfers } = ledger.changes();
    const corrects = transfers[random.between(0, transfers.length - 1)];
    if (corrects === undefined) return null;
    const share = BigInt(random.pick([40, 70, 100]));
    const amount = moneyOfUnits(((corrects.amount * share) / 100n / UNIT) * UNIT);
    return {
      ...{ kind: 'correct', correctionId: this.#newId(), corrects },
      ...{ amount, reason: 'as drawn', actor: DESK },
    };
  }

  #newId() {
    return trusted(parseTransferId, `m-${this.accountId}-${this.#asked.length + 1}`);
  }

  async #request(issuer: string, command: LedgerCommand): Promise<void> {
    this.#asked.push([issuer, command]);
    await this.#ask(issuer, command);
  }

  /** Null if no answer arrived. */
  async #ask(issuer: string, command: LedgerCommand): Promise<LedgerAnswer | null> {
    const { ledger, network } = this.#surroundings;
    try {
      const [answer] = await network.call(() => ledger.run(issuer, [command]), TIMEOUT_MS);
      if (answer !== undefined) this.told.push({ issuer, command, answer });
      return answer ?? null;
    } catch (cause) {
      if (cause instanceof RefusedByLedgerError)
        this.told.push({ issuer, command, answer: 'refused' });
      return null;
    }
  }
}

/** Another command under the same id. */
function altered<Command extends LedgerCommand & { readonly amount: Money }>(
  command: Command,
): Command {
  return { ...command, amount: moneyOfUnits(command.amount + UNIT) };
}
