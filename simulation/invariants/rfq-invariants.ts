import { isClosedRfqStatus, type RfqStatus } from '../../subgraphs/order/domain/rfq/rfq.ts';
import type { RfqEventType } from '../../subgraphs/order/domain/rfq/rfq-event.ts';
import { quoteSideFor } from '../../subgraphs/order/domain/rfq/rfq-quote.ts';
import { SafetyState } from '../../subgraphs/order/engine/safety/safety-state.ts';
import { QuotedCredit } from './quoted-credit.ts';
import { QUOTING } from '../quoting-settings.ts';
import { wrongDecision } from './last-look-invariants.ts';
import { type RfqLife, RfqLives, type RfqStep } from './rfq-lives.ts';
import { wrongMarket } from './priced-market-invariants.ts';
import type { StoredOrders } from '../outside/simulated-order-store.ts';
import { TakenDepthModel } from './taken-depth-model.ts';
import type { DeskPromise, Violation } from '../violation.ts';
import type { Witness } from '../witness.ts';

/**
 * How much longer than its life a trader's quote can be firm after the clock was set back, in milliseconds: what a step
 * can hide by itself, and while the owner is away and keeps the books.
 */
const SET_BACK_MS = 1000 + 2000;

/** From which statuses an event can happen, and to which it leads; null leaves the status as it was. */
const STEPS: Readonly<Record<RfqEventType, readonly [readonly RfqStatus[], RfqStatus | null]>> = {
  REQUESTED: [['OPEN'], 'OPEN'],
  QUOTED: [['OPEN', 'QUOTED'], 'QUOTED'],
  QUOTE_WITHDRAWN: [['OPEN', 'QUOTED'], null],
  NOT_QUOTING: [['QUOTED'], 'OPEN'],
  TAKEN_OVER: [['OPEN', 'QUOTED'], null],
  ACCEPT_PENDING: [['QUOTED'], 'ACCEPT_PENDING'],
  FILLED: [['ACCEPT_PENDING'], 'FILLED'],
  REJECTED: [['ACCEPT_PENDING'], 'REJECTED'],
  EXPIRED: [['OPEN', 'QUOTED'], 'EXPIRED'],
  CANCELED: [['OPEN', 'QUOTED'], 'CANCELED'],
  SETTLEMENT_CHANGED: [['FILLED'], null],
};

/** Checks what must hold of requests for quote: goes through the stored turns by rules of its own. */
export function rfqViolations(stored: StoredOrders, witness: Witness): readonly Violation[] {
  const violations: Violation[] = [];
  const wrong = (promise: DeskPromise, detail: string) => violations.push({ promise, detail });
  const lives = new RfqLives();
  const accepted = new Set<string>();
  const credit = new QuotedCredit();
  const taken = new TakenDepthModel(witness);
  const safety = new SafetyState([], [], { now: () => 0 });
  for (const turn of stored.turns) {
    const isSwitched = turn.controls.length > 0;
    lives.take(turn, (step) => {
      const isHalted = !isSwitched && safety.tradingState(step.life.accountId) === 'HALTED';
      for (const [promise, detail] of wrongStep(step, witness, isHalted))
        wrong(promise, `${step.life.id} ${step.event.type}: ${detail}`);
      for (const detail of credit.take(step)) wrong('credit', detail);
      for (const detail of taken.take(step)) wrong('taken', detail);
      const { state } = step.rfq;
      if (step.event.type !== 'ACCEPT_PENDING' || !('accept' in state)) return;
      const { quoteId } = state.accept;
      if (accepted.has(quoteId)) wrong('quotes', `${quoteId} is accepted twice`);
      accepted.add(quoteId);
    });
    for (const control of turn.controls) safety.setControl(control);
    for (const detail of tooManyOpen(stored, lives)) wrong('requests', detail);
  }
  for (const life of lives.all()) {
    if (!isClosedRfqStatus(life.status)) wrong('comesToRest', `${life.id} stays ${life.status}`);
    if (stored.rfq.rfqs.get(life.id)?.state.status !== life.status)
      wrong('requests', `${life.id} is stored otherwise than its events say`);
  }
  return [...violations, ...wrongTrades(stored), ...wrongTokens(stored)];
}

type Wrong = readonly [DeskPromise, string];

function wrongStep(step: RfqStep, witness: Witness, isHalted: boolean): readonly Wrong[] {
  const { event, life } = step;
  const [from, to] = STEPS[event.type];
  const isPossible =
    from.includes(life.status) &&
    event.status === (to ?? life.status) &&
    event.sequence === life.sequence + 1n;
  const impossible: readonly Wrong[] = isPossible
    ? []
    : [['requests', `from ${life.status}, after event ${life.sequence}`]];
  return [...impossible, ...wrongContent(step, witness, isHalted)];
}

function wrongContent(step: RfqStep, witness: Witness, isHalted: boolean): readonly Wrong[] {
  const { event, life, turn } = step;
  const { type, quote } = event;
  if (type === 'QUOTED' && quote?.source !== (life.isByHand ? 'TRADER' : 'MACHINE'))
    return [['hands', `by ${quote?.source}`]];
  if (type === 'QUOTED')
    return wrongMarket(step, witness).map((detail): Wrong => ['market', detail]);
  if (type === 'TAKEN_OVER')
    return stillFirm(life, turn.now).map((id): Wrong => ['hands', `${id} stays firm`]);
  if (type === 'ACCEPT_PENDING')
    return wrongAccept(step, witness).map((detail): Wrong => ['quotes', detail]);
  if (type !== 'FILLED' && type !== 'REJECTED') return [];
  return wrongDecision(step, witness, isHalted).map((detail): Wrong => ['lastLook', detail]);
}

function stillFirm({ quotes }: RfqLife, now: number): readonly string[] {
  return [...quotes.values()]
    .filter(({ quote, isWithdrawn }) => !isWithdrawn && quote.validUntil > now)
    .map(({ quote }) => quote.id);
}

/** What is wrong with an accept: the first one, in time, of a quote as it was made. */
function wrongAccept({ rfq, life, turn }: RfqStep, witness: Witness): readonly string[] {
  const accept = 'accept' in rfq.state ? rfq.state.accept : null;
  if (accept === null) return ['without an accept'];
  const { quoteId, clientOrderId, acceptedAt } = accept;
  const known = life.quotes.get(quoteId);
  const arrivedAt = witness.arrivedAt(`${life.accountId}/${clientOrderId}`, acceptedAt);
  if (known === undefined) return [`of the unknown quote ${quoteId}`];
  if (arrivedAt === null) return [`${clientOrderId} that never arrived`];
  const { quote, madeAt, isWithdrawn } = known;
  const offered = quoteSideFor(accept.side, quote);
  const order = turn.inserted.find(({ id }) => id === accept.orderId);
  const checks: readonly (readonly [string, boolean])[] = [
    ['after another accept', life.accept === null],
    ['of a withdrawn quote', !isWithdrawn],
    ['too late', acceptedAt < quote.validUntil],
    // A last look measures what is older by the true time; only a trader's quote has none.
    [
      'late by the true time',
      quote.source === 'MACHINE' || arrivedAt - madeAt < QUOTING.quoteLifeMs + SET_BACK_MS,
    ],
    ['that was not shown', rfq.origin === 'REQUEST' || witness.wasShown(life.accountId, quoteId)],
    ['on other terms', offered?.price === accept.price && offered.quantity === accept.quantity],
    ['of who no longer quotes', quote.source === (life.isByHand ? 'TRADER' : 'MACHINE')],
    ['without its order', order?.link.rfqId === life.id && order.side === accept.side],
  ];
  return checks.flatMap(([what, isRight]) => (isRight ? [] : [what]));
}

/** A request whose end the store refuses is left out of the books, and does not count there. */
function tooManyOpen({ refusingRfqs }: StoredOrders, lives: RfqLives): readonly string[] {
  const open = new Map<string, number>();
  for (const { id, accountId, status } of lives.all())
    if ((status === 'OPEN' || status === 'QUOTED') && refusingRfqs.get(id) !== 'EXPIRED')
      open.set(accountId, (open.get(accountId) ?? 0) + 1);
  return [...open].flatMap(([accountId, count]) =>
    count > QUOTING.maxOpenRfqs ? [`${accountId} has ${count} open requests`] : [],
  );
}

/** A comparison is executed in one of its two ways at most. */
function wrongTokens({ rfq: { comparisons }, orders }: StoredOrders): readonly Violation[] {
  const shown = [...orders.values()].filter(({ link, hold }) => link.comparisonToken && hold);
  return [...comparisons.values()].flatMap(({ id, usedBy }): Violation[] => {
    const used = shown.filter(({ link }) => link.comparisonToken === id).map((order) => order.id);
    if (used.join() === (usedBy ?? '')) return [];
    return [{ promise: 'requests', detail: `${id} is used by ${usedBy}, and by ${used.join()}` }];
  });
}

/** Each filled request has exactly one fill and one settled settlement, no other has any. */
function wrongTrades({ rfq: { rfqs, settlements }, events }: StoredOrders): readonly Violation[] {
  const fills = events.flatMap(({ fill, order }) =>
    fill === null || order.link.rfqId === null ? [] : [{ ...fill, rfqId: order.link.rfqId }],
  );
  return [...rfqs.values()].flatMap(({ id, state }): Violation[] => {
    const own = fills.filter(({ rfqId }) => rfqId === id);
    const paid = [...settlements.values()].filter(({ rfqId }) => rfqId === id);
    const isRight =
      state.status === 'FILLED'
        ? own.length === 1 &&
          paid.length === 1 &&
          own[0]?.tradeId === paid[0]?.id &&
          own[0]?.price === state.fillPrice &&
          own[0].quantity === state.accept.quantity &&
          own[0].fee === 0n &&
          paid[0]?.state.status === 'SETTLED'
        : own.length + paid.length === 0;
    const detail = `${id} is ${state.status} with ${own.length} fills, and ${paid.map((one) => one.state.status).join()}`;
    return isRight ? [] : [{ promise: 'settlements', detail }];
  });
}
