import { steadyNow } from '#shared/domain/clock.ts';
import type { AccountId, QuoteId, UserId } from '#shared/domain/ids.ts';
import type { FeeTier } from '../../domain/fee-tier.ts';
import type { ChangeSet } from '../../domain/ports/journal-store.ts';
import { NotOwnerError } from '../../domain/ports/not-owner-error.ts';
import { haltedRefusal } from '../../domain/rfq/check-request.ts';
import type { LevelAsk, OpenedLevels } from '../../domain/rfq/level-journal.ts';
import {
  type FirmLevel,
  notQuotingRefusal,
  type PriceLevel,
  type ShownLevel,
} from '../../domain/rfq/price-level.ts';
import { type RfqRefusal, rfqRefusal } from '../../domain/rfq/rfq-refusal.ts';
import type { Sender } from '../../domain/rules/sender.ts';
import type { JournalListener } from '../journal-listener.ts';
import type { Journal } from '../journal.ts';
import type { JournalState } from '../journal-state.ts';
import type { LadderTerms, LevelLadder } from './level-ladder.ts';
import { LevelLadders, type LevelLaddersOptions } from './level-ladders.ts';
import { LevelNames, newLevelSecret } from './level-names.ts';
import { type LevelFrameBody, LevelStream } from './level-stream.ts';
import { isTakenSince } from './taken-before.ts';

/** How long a level can lag behind the market, in milliseconds. */
const LOOK_EVERY_MS = 25;

/** What an account's id for a level stands for at a moment. */
export type FoundLevel =
  | { readonly kind: 'firm'; readonly level: FirmLevel }
  /** The account has already taken the level under this id. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'gone' };

/** One stream, and the ladder it shows. */
interface Follower {
  readonly ask: LevelAsk;
  readonly names: LevelNames;
  readonly stream: LevelStream;
  ladder: LevelLadder;
  /** The levels that it is not shown because of what it has just taken. */
  hidden: readonly FirmLevel[];
}

/** What firm prices need. */
export interface LevelDeskOptions extends LevelLaddersOptions {
  readonly journal: Journal;
}

/**
 * Firm prices without a request. They are in memory only: a level is stored when a client takes it,
 * and all levels end when the books are read again or move to another process.
 */
export class LevelDesk implements JournalListener {
  readonly #options: LevelDeskOptions;
  readonly #ladders: LevelLadders;
  readonly #secret = newLevelSecret();
  readonly #followers = new Map<AccountId, Set<Follower>>();
  /** Those from whom a level is hidden. */
  readonly #waiting = new Set<Follower>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: LevelDeskOptions) {
    this.#options = options;
    this.#ladders = new LevelLadders(options);
  }

  loaded(): void {
    this.#ladders.end();
  }

  /**
   * Levels and quotes are taken. Others still see the levels. The account, and its user on other accounts, are shown no
   * level of the instrument until they are priced again, by an outside pricer too, and then those they took under new ids:
   * taken many times in one moment, the price of a small quantity would be that of a large one.
   */
  committed({ rfq: { rfqs } }: ChangeSet): void {
    const taken = rfqs.filter(({ state }) => state.status === 'ACCEPT_PENDING');
    if (taken.length === 0) return;
    const symbols = new Set(taken.map(({ symbol }) => symbol));
    for (const followers of this.#followers.values())
      for (const follower of followers)
        if (symbols.has(follower.ask.symbol)) this.#lookAt(follower);
  }

  /** Another process owns the books now, and so makes the prices: streams here would get no more of them. */
  resigned(): void {
    this.#ladders.end();
    const followers = [...this.#followers.values()].flatMap((those) => [...those]);
    for (const { stream } of followers) stream.fail(new NotOwnerError());
  }

  /** Begins to price levels. */
  start(): void {
    this.#timer = setInterval(() => {
      this.look();
    }, LOOK_EVERY_MS);
  }

  /** Stops pricing levels. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Prices once whatever is due, and shows levels again to those who have taken one. */
  look(): void {
    if (this.#options.journal.state !== null) this.#ladders.look();
    for (const follower of this.#waiting) this.#lookAt(follower);
  }

  /** How many streams are open, and how many ladders are priced for them. */
  get counts(): { readonly streams: number; readonly ladders: number } {
    const streams = [...this.#followers.values()].reduce((sum, { size }) => sum + size, 0);
    return { streams, ladders: this.#ladders.size };
  }

  /** Opens a stream. @throws NotOwnerError while another process owns the books */
  open(ask: LevelAsk): OpenedLevels {
    const { accountId } = ask;
    const { state } = this.#options.journal;
    if (state === null) throw new NotOwnerError();
    const followers = this.#followers.get(accountId) ?? new Set<Follower>();
    const terms = { ...ask, tier: this.#tierOf(accountId, state) };
    const refusal =
      this.#accountRefusal(followers.size) ??
      this.#userRefusal(ask.userId) ??
      this.#pricesRefusal(ask, terms);
    if (refusal !== null) return { kind: 'refused', refusal };
    const follower: Follower = {
      ask,
      names: new LevelNames(this.#secret, accountId),
      ladder: this.#ladders.of(ask.userId, terms),
      hidden: [],
      stream: new LevelStream({
        body: () => this.#bodyFor(follower),
        onClose: () => {
          this.#leave(follower);
        },
      }),
    };
    this.#followers.set(accountId, followers.add(follower));
    follower.ladder.join(follower.stream, ask.userId);
    return { kind: 'open', frames: follower.stream };
  }

  /**
   * Finds a level by an account's id for it.
   * @param sender who would take it
   * @param arrivedAt when the accept arrived, in milliseconds since the epoch; exactly `validUntil` is too late
   */
  find(sender: Sender, name: QuoteId, arrivedAt: number): FoundLevel {
    const { accountId } = sender;
    const said = new LevelNames(this.#secret, accountId).read(name);
    const level = said === null ? undefined : this.#ladders.standing.level(said.levelId);
    const { state } = this.#options.journal;
    if (said === null || level === undefined || state === null) return { kind: 'gone' };
    const takes = this.#ladders.standing.takes(level.id, accountId);
    if (said.takes < takes) return { kind: 'taken' };
    if (this.#hasJustTaken(sender, level, state)) return { kind: 'gone' };
    const tier = this.#tierOf(accountId, state);
    const isShown = said.takes === takes && level.tier === tier.name;
    return isShown && arrivedAt < level.validUntil ? { kind: 'firm', level } : { kind: 'gone' };
  }

  /** An account takes a level: its id for that is used. */
  take({ accountId }: Sender, { id }: FirmLevel): void {
    this.#ladders.standing.take(id, accountId);
  }

  /** Has a follower read again if other levels are hidden from it than before. */
  #lookAt(follower: Follower): void {
    const { state } = this.#options.journal;
    const before = new Set(follower.hidden.map(({ id }) => id));
    this.#hide(follower, state);
    const { hidden } = follower;
    if (hidden.length !== before.size || !hidden.every(({ id }) => before.has(id)))
      follower.stream.change();
  }

  #hide(follower: Follower, state: JournalState | null): void {
    const { ask, ladder } = follower;
    const firm = ladder.levels.flatMap((one) => (one.kind === 'firm' ? [one.level] : []));
    follower.hidden = state?.rfqs.takes.knows(ask, ask.symbol)
      ? firm.filter((level) => this.#hasJustTaken(ask, level, state))
      : [];
    if (follower.hidden.length > 0) this.#waiting.add(follower);
    else this.#waiting.delete(follower);
  }

  #leave(follower: Follower): void {
    const { accountId } = follower.ask;
    follower.ladder.leave(follower.stream, steadyNow(this.#options.clock));
    const followers = this.#followers.get(accountId);
    this.#waiting.delete(follower);
    followers?.delete(follower);
    if (followers?.size === 0) this.#followers.delete(accountId);
  }

  #accountRefusal(streams: number): RfqRefusal | null {
    const { maxLevelStreams } = this.#options.quoting.settings;
    if (streams < maxLevelStreams) return null;
    return tooManyStreams('The account already has', 'maxLevelStreams', streams, maxLevelStreams);
  }

  #userRefusal(userId: UserId): RfqRefusal | null {
    const { maxUserLevelStreams: most } = this.#options.quoting.settings;
    let streams = 0;
    for (const followers of this.#followers.values())
      for (const { ask } of followers) if (ask.userId === userId) streams += 1;
    if (streams < most) return null;
    return tooManyStreams('In all accounts you have', 'maxUserLevelStreams', streams, most);
  }

  #pricesRefusal({ userId }: LevelAsk, terms: LadderTerms): RfqRefusal | null {
    const { maxLevelPrices } = this.#options.quoting.settings;
    const prices = this.#ladders.pricesWith(userId, terms);
    if (prices <= maxLevelPrices) return null;
    const [limit, actual] = [`${maxLevelPrices}`, `${prices}`];
    const message = `You would follow ${actual} prices in all your accounts; the limit is ${limit}.`;
    return rfqRefusal('TOO_MANY_LEVEL_STREAMS', message, { rule: 'maxLevelPrices', limit, actual });
  }

  #bodyFor(follower: Follower): LevelFrameBody {
    const { accountId, sizes, symbol } = follower.ask;
    const { state } = this.#options.journal;
    const none = (refusal: RfqRefusal) => ({
      levels: sizes.map((size): ShownLevel => ({ kind: 'none', size, refusal })),
      symbol,
      asOf: this.#options.clock.now(),
    });
    if (state === null) return none(notQuotingRefusal());
    if (state.safety.tradingState(accountId) === 'HALTED') return none(haltedRefusal());
    const { levels, asOf } = this.#ladderOf(follower, this.#tierOf(accountId, state));
    this.#hide(follower, state);
    return { symbol, asOf, levels: levels.map((one) => this.#shownTo(follower, one)) };
  }

  #shownTo({ ask, names, hidden }: Follower, one: PriceLevel): ShownLevel {
    if (one.kind === 'none') return one;
    if (hidden.includes(one.level))
      return { kind: 'none', size: one.size, refusal: notQuotingRefusal() };
    const levelId = one.level.id;
    const takes = this.#ladders.standing.takes(levelId, ask.accountId);
    return { ...one, quoteId: names.nameOf({ levelId, takes }) };
  }

  /** Whether a level is not for a sender at present, because of what its sender has taken since it was made. */
  #hasJustTaken(sender: Sender, level: FirmLevel, { rfqs }: JournalState): boolean {
    const { clock, quoting } = this.#options;
    const { requoteMs } = quoting.settings;
    const at = { now: clock.now(), steadyMs: steadyNow(clock), requoteMs };
    return isTakenSince(rfqs.takes, sender, level, at);
  }

  /** A follower's ladder: the account may have reached another fee tier by now. */
  #ladderOf(follower: Follower, tier: FeeTier): LevelLadder {
    if (follower.ladder.terms.tier === tier) return follower.ladder;
    follower.ladder.leave(follower.stream, steadyNow(this.#options.clock));
    follower.ladder = this.#ladders.of(follower.ask.userId, { ...follower.ask, tier });
    follower.ladder.join(follower.stream, follower.ask.userId);
    return follower.ladder;
  }

  #tierOf(accountId: AccountId, state: JournalState): FeeTier {
    return state.feeTier(accountId, this.#options.clock.now());
  }
}

function tooManyStreams(whose: string, rule: string, streams: number, most: number): RfqRefusal {
  const message = `${whose} ${streams} price-level streams; the limit is ${most}.`;
  const values = { rule, limit: `${most}`, actual: `${streams + 1}` };
  return rfqRefusal('TOO_MANY_LEVEL_STREAMS', message, values);
}
