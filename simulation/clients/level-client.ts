import type { AccountId } from '#shared/domain/ids.ts';
import type { AcceptQuoteOutcome } from '../../subgraphs/order/domain/rfq/accept-once.ts';
import type { AcceptQuote } from '../../subgraphs/order/domain/rfq/accept-quote.ts';
import type { LevelFrame, ShownLevel } from '../../subgraphs/order/domain/rfq/price-level.ts';
import { quoteSideFor } from '../../subgraphs/order/domain/rfq/rfq-quote.ts';
import { quantity } from '../../subgraphs/order/domain/test-orders.ts';
import { atRandomTimes } from './at-random-times.ts';
import type { ClientSurroundings } from './client-surroundings.ts';
import { INSTRUMENTS } from './drawn-orders.ts';
import type { ToldOfRfq } from '../invariants/rfq-told.ts';
import type { SimulatedQuoting } from '../simulated-quoting.ts';
import type { Witness } from '../witness.ts';
import { Repetitions } from './repetitions.ts';

const TIMEOUT_MS = 5000;
const LONGEST_IDLE_MS = 6000;
const LONGEST_THOUGHT_MS = 600;
const TRIES = 3;
/** The share of frames of which the client takes a price. */
const TAKEN_SHARE = 0.15;
const TWIN_SHARE = 0.3;
const SIZES = ['0.1', '0.3'].map(quantity);

/** A client that follows firm prices on one account, and takes some. */
export class LevelClient {
  readonly accountId: AccountId;
  readonly told: ToldOfRfq[] = [];
  readonly #surroundings: ClientSurroundings;
  readonly #witness: Witness;
  readonly #taken: AcceptQuote[] = [];
  #ids = 0;
  readonly #repetitions = new Repetitions();

  constructor(surroundings: ClientSurroundings, witness: Witness) {
    this.accountId = surroundings.accountId;
    this.#surroundings = surroundings;
    this.#witness = witness;
  }

  /** Opens this many streams at random times. */
  trade(streams: number): void {
    atRandomTimes(this.#surroundings, streams, LONGEST_IDLE_MS, () => void this.#follow());
  }

  /** Repeats every accept. */
  repeatAll(): void {
    for (const command of this.#taken)
      this.#repetitions.add(this.#accept(command, true).then((answer) => answer !== null));
  }

  /** How many of the repeated accepts have no answer yet. */
  get unanswered(): number {
    return this.#repetitions.unanswered;
  }

  async #follow(): Promise<void> {
    const { misfortune } = this.#surroundings;
    const [first, second] = INSTRUMENTS;
    const { symbol } = misfortune.random.pick([first, second]);
    const ask = { accountId: this.accountId, symbol, sizes: SIZES };
    const opened = await this.#ask((desk) => desk.follow(ask));
    if (opened?.kind !== 'open') return;
    try {
      for await (const frame of opened.frames) {
        if (misfortune.isCalm) return;
        this.#see(frame);
        if (misfortune.strikes(TAKEN_SHARE)) void this.#take(frame);
      }
    } catch {
      // Another process owns the books.
    }
  }

  #see({ levels }: LevelFrame): void {
    for (const level of levels)
      if (level.kind === 'firm') this.#witness.sawLevel(this.accountId, level.quoteId);
  }

  async #take({ symbol, levels }: LevelFrame): Promise<void> {
    const { time, misfortune } = this.#surroundings;
    const { random } = misfortune;
    const level = levels[random.between(0, levels.length - 1)];
    const command = level === undefined ? null : this.#acceptOf(symbol, level);
    if (command === null) return;
    await new Promise<void>((resolve) =>
      time.after(random.between(1, LONGEST_THOUGHT_MS), resolve),
    );
    this.#taken.push(command);
    if (random.chance(TWIN_SHARE)) void this.#accept(command);
    if (random.chance(TWIN_SHARE)) {
      const second = { ...command, clientOrderId: `${command.clientOrderId}-again` };
      this.#taken.push(second);
      void this.#accept(second);
    }
    for (let tries = 0; tries < TRIES; tries += 1)
      if ((await this.#accept(command)) !== null) return;
  }

  #acceptOf(symbol: LevelFrame['symbol'], level: ShownLevel): AcceptQuote | null {
    if (level.kind === 'none') return null;
    const side = this.#surroundings.misfortune.random.pick(['BUY', 'SELL']);
    const offered = quoteSideFor(side, level.level);
    if (offered === null) return null;
    return {
      ...{ accountId: this.accountId, rfqId: null, quoteId: level.quoteId, symbol, side },
      ...{ ...offered, clientOrderId: `l-${(this.#ids += 1)}` },
      ...{ maxSlippageBps: 0, comparisonToken: null },
    };
  }

  /** @returns the outcome; null without an answer */
  async #accept(command: AcceptQuote, isLast = false): Promise<AcceptQuoteOutcome | null> {
    const outcome = await this.#ask((desk) => desk.accept(command));
    if (outcome === null || outcome.kind === 'unknown') return null;
    this.told.push({ kind: 'accepted', command, outcome, isLast });
    return outcome;
  }

  /** Null if no answer arrived, or the answer says that a part of the desk is away. */
  async #ask<Answer>(what: (desk: SimulatedQuoting) => Promise<Answer>): Promise<Answer | null> {
    const { network, desk } = this.#surroundings;
    try {
      return await network.call(async () => what(desk().quoting), TIMEOUT_MS);
    } catch {
      return null;
    }
  }
}
