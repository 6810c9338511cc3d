import type { RfqId } from '#shared/domain/ids.ts';
import type { OrderSide } from '../../subgraphs/order/domain/order.ts';
import type { LastLook } from '../../subgraphs/order/domain/rfq/last-look.ts';
import { type QuoteBasis, quoteSideFor } from '../../subgraphs/order/domain/rfq/rfq-quote.ts';
import type { RfqAccept } from '../../subgraphs/order/domain/rfq/rfq.ts';
import { units } from '../../subgraphs/order/domain/test-orders.ts';
import { MARKET_LEVELS } from '../clients/drawn-orders.ts';
import { QUOTING } from '../quoting-settings.ts';
import type { QuoteLife, RfqLife, RfqStep } from './rfq-lives.ts';
import type { StoredTurn } from '../outside/simulated-order-store.ts';
import { userOf } from '../simulated-users.ts';
import type { Witness } from '../witness.ts';

const [BEST] = MARKET_LEVELS;
const DEPTH = MARKET_LEVELS.reduce((sum, { size }) => sum + units(size), 0n);

/** An accept that was stored and is not rejected. */
interface Take extends Pick<RfqAccept, 'side' | 'quantity'> {
  readonly life: RfqLife;
  readonly turn: StoredTurn;
  /** By the clock that nothing sets; not later than the turn. */
  readonly arrivedAt: number;
}

/** How much a client has taken from one side: what its desk remembers may be less than all of it. */
interface Taken {
  readonly least: bigint;
  readonly most: bigint;
}

/** The moment for which takes count. */
interface Counted {
  readonly life: RfqLife;
  readonly side: OrderSide;
  readonly turn: StoredTurn;
  /** By the clock that nothing sets; takes after it count. */
  readonly since: number;
  /** Whether the desk has known all takes since then. */
  readonly isKnown: boolean;
}

/**
 * What clients have just taken, as the stored turns tell it. A desk remembers it in memory: of earlier owners' accepts only
 * those that were pending, by account, and of accepts whose turn was lost only when they arrived.
 */
export class TakenDepthModel {
  readonly #witness: Witness;
  readonly #takes = new Map<RfqId, Take>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** @returns what is wrong with the step */
  take(step: RfqStep): readonly string[] {
    const { event, life, rfq, turn } = step;
    const { state } = rfq;
    const wrong = this.#wrongs(step).map((what) => `${life.id} ${event.type}: ${what}`);
    if (event.type === 'ACCEPT_PENDING' && 'accept' in state) {
      const { side, quantity, clientOrderId, acceptedAt } = state.accept;
      const key = `${life.accountId}/${clientOrderId}`;
      const arrivedAt = this.#witness.arrivedAt(key, acceptedAt) ?? turn.steady;
      this.#takes.set(life.id, { life, side, quantity, turn, arrivedAt });
    }
    if (event.type === 'REJECTED') this.#takes.delete(life.id);
    return wrong;
  }

  #wrongs({ event, life, rfq, turn }: RfqStep): readonly string[] {
    const basis = event.quote?.basis ?? null;
    if (event.type === 'QUOTED' && basis !== null)
      return (['BUY', 'SELL'] as const).flatMap((side) =>
        this.#wrongQuote(
          { life, side, turn, since: sinceOf(turn, turn.steady, basis), isKnown: true },
          basis,
          {
            isCounted: rfq.origin === 'REQUEST' && (rfq.side === null || rfq.side === side),
            isQuoted: event.quote !== null && quoteSideFor(side, event.quote) !== null,
          },
        ),
      );
    const lastLook = 'lastLook' in rfq.state ? rfq.state.lastLook : null;
    const quoted = life.accept === null ? undefined : life.quotes.get(life.accept.quoteId);
    if (lastLook === null || life.accept === null || quoted === undefined) return [];
    if (event.type !== 'FILLED' && event.type !== 'REJECTED') return [];
    const isFilled = event.type === 'FILLED';
    return this.#wrongLook({ life, turn, quoted, accept: life.accept, isFilled }, lastLook);
  }

  #wrongQuote(
    counted: Counted,
    { taken, outside }: QuoteBasis,
    { isCounted, isQuoted }: { readonly isCounted: boolean; readonly isQuoted: boolean },
  ): readonly string[] {
    const { least, most } = isCounted ? this.#taken(counted) : NOTHING;
    // An outside price is not for what its client has taken besides: that side is not quoted.
    if (outside !== null && !isQuoted) return [];
    const shown = counted.side === 'BUY' ? taken.ask : taken.bid;
    return shown < least || shown > most
      ? [`${shown} taken by ${counted.side} instead of ${least} to ${most}`]
      : [];
  }

  #wrongLook(
    {
      accept: { side, quantity },
      isFilled,
      quoted: { quote, madeAt, owner },
      ...of
    }: Pick<Counted, 'life' | 'turn'> & {
      readonly accept: RfqAccept;
      readonly quoted: QuoteLife;
      readonly isFilled: boolean;
    },
    { takenBps }: LastLook,
  ): readonly string[] {
    if (quote.basis === null) return takenBps === 0n ? [] : ['a measured quote by hand'];
    const before = side === 'BUY' ? quote.basis.taken.ask : quote.basis.taken.bid;
    const isKnown = owner === of.turn.owner;
    const { least, most } = this.#taken({
      ...of,
      side,
      since: sinceOf(of.turn, madeAt, quote.basis),
      isKnown,
    });
    const known = `${before} before, and ${least} to ${most} now`;
    // Whoever took the best level whole gets worse prices than at first, by more than a tick.
    const isHomeAlone = !this.#witness.hasBooks(of.life.symbol);
    const isSurelyWorse =
      isHomeAlone &&
      least > before &&
      least >= units(BEST.size) &&
      before + quantity <= units(BEST.size);
    const isOutside = quote.basis.outside !== null;
    const checks: readonly (readonly [string, boolean])[] = [
      ['worse though no more was taken', takenBps > 0n && most <= before],
      ['better', takenBps < 0n],
      ['as good though the best level was taken', isSurelyWorse && takenBps <= 0n],
      ['beyond the depth', isHomeAlone && least > before && least + quantity > DEPTH],
      ['an outside price once more', isOutside && isFilled && least > before],
    ];
    return checks.flatMap(([what, isWrong]) => (isWrong ? [`${what}: ${known}`] : []));
  }

  #taken(counted: Counted): Taken {
    let [least, most] = [0n, 0n];
    for (const take of this.#before(counted)) {
      if (!isOfClient(take, counted)) continue;
      const { turn, since, isKnown } = counted;
      const isOwn = isKnown && take.turn.owner === turn.owner;
      if (isOwn && take.turn.steady <= since) continue;
      most += take.quantity;
      if (isOwn && isSurelyKnown(take, counted)) least += take.quantity;
    }
    return { least, most };
  }

  /** Takes before that of the request itself. Of earlier owners' takes only the order of arrival is known. */
  *#before({ life, turn }: Counted): Iterable<Take> {
    let isLater = false;
    for (const take of this.#takes.values()) {
      isLater ||= take.life === life;
      const isAfter = isLater && take.turn.owner === turn.owner;
      if (take.life !== life && !isAfter) yield take;
    }
  }
}

/** An outside price is as old as its request, and not meant for what was taken since. */
function sinceOf({ now, steady }: StoredTurn, madeAt: number, { outside }: QuoteBasis): number {
  const askedAt = outside === null ? Infinity : steady - Math.abs(now - outside.askedAt);
  return Math.min(madeAt - QUOTING.requoteMs, askedAt);
}

/** Whether a take is on the same account, or by the same user, on the same side of the same market. */
function isOfClient(take: Take, { life, side }: Counted): boolean {
  if (take.side !== side || take.life.symbol !== life.symbol) return false;
  const userId = userOf(life.accountId);
  const isSameUser = userId !== null && userOf(take.life.accountId) === userId;
  return isSameUser || take.life.accountId === life.accountId;
}

/** Whether the desk knows a take of this owner even if its turn was lost. */
function isSurelyKnown(take: Take, { life, turn, since }: Counted): boolean {
  const isSteady = take.turn.now - take.turn.steady === turn.now - turn.steady;
  return take.life.accountId === life.accountId && isSteady && take.arrivedAt > since;
}

const NOTHING: Taken = { least: 0n, most: 0n };
