import {
  type InstrumentSymbol,
  parseAssetCode,
  parseInstrumentSymbol,
  trusted,
} from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import {
  NO_INSTRUCTIONS,
  type OrderInstructions,
} from '../../subgraphs/order/domain/order-instructions.ts';
import { NO_LINK, type OrderLink } from '../../subgraphs/order/domain/order-link.ts';
import type { OrderTrigger } from '../../subgraphs/order/domain/order-trigger.ts';
import type { OrderSide, OrderTerms } from '../../subgraphs/order/domain/order.ts';
import type { PlaceOrder } from '../../subgraphs/order/domain/use-cases/place-order.ts';
import {
  anInstrument,
  money,
  price,
  quantity,
  units,
} from '../../subgraphs/order/domain/test-orders.ts';
import type { SeededRandom } from '../seeded-random.ts';

const FREE = {
  collarRate: units('0.5'),
  minQuantity: quantity('0.00001'),
  minNotional: money('0'),
};
/** The instruments of all orders: prices around 100, quantities of any size. */
export const INSTRUMENTS = [
  anInstrument(FREE),
  anInstrument({
    ...FREE,
    symbol: trusted(parseInstrumentSymbol, 'ETH-USDT'),
    base: trusted(parseAssetCode, 'ETH'),
  }),
] as const;

/** The instrument of a symbol. */
export function instrumentOf(symbol: InstrumentSymbol): Instrument {
  const found = INSTRUMENTS.find((one) => one.symbol === symbol);
  if (found === undefined) throw new Error(`there is no instrument ${symbol}`);
  return found;
}
/** The house skews its quotes by some ticks and soon reaches its inventory limit. */
export const HOUSE = {
  ...{ spreadBps: 0, levels: 5, sizePercent: 100 },
  skew: { bps: 4, inventoryLimit: money('100') },
} as const;
/** The lowest and the highest price of the market, in ticks. */
export const MARKET = { lowest: 9990, highest: 10_010 } as const;

/** The levels of each side of the market, best first: how many ticks behind the best one, and what is there. */
export const MARKET_LEVELS = [
  { ticks: 0, size: '0.15' },
  { ticks: 8, size: '0.55' },
] as const;

const KINDS = [
  'GTC',
  'GTC',
  'IOC',
  'FOK',
  'GTD',
  'MARKET',
  'BY_QUOTE',
  'REJECT',
  'REPRICE',
  'ICEBERG',
  'STOP',
  'TAKE_PROFIT',
  'TRAILING',
  'OCO',
  'BRACKET',
] as const;
type Kind = (typeof KINDS)[number];

/** Kinds that are LIMIT orders which can rest: some of them expire. */
const RESTING: readonly Kind[] = ['REJECT', 'REPRICE', 'ICEBERG'];
const WAITING: readonly Kind[] = ['STOP', 'TAKE_PROFIT', 'TRAILING'];
/** The share of orders that have an instruction, an expiry or an exit in addition. */
const COMBINED_SHARE = 0.3;

/** A number of ticks as decimal text. */
export const priceText = (ticks: number): string => `${ticks / 100}`;
const priceOf = (ticks: number): Price => price(priceText(ticks));

/** The lowest price of the market. */
export function lowestPrice(): Price {
  return priceOf(MARKET.lowest);
}

/** A random price in the market's range. */
export function drawnPrice(random: SeededRandom): Price {
  return priceOf(random.between(MARKET.lowest, MARKET.highest));
}

/** A random order of any kind. */
export function drawnOrder(
  random: SeededRandom,
  accountId: string,
  clientOrderId: string,
  nowMs: number,
): PlaceOrder {
  const kind = random.pick(KINDS);
  const side = sideOf(kind, random);
  const steps = random.between(1, 300_000);
  const life = lifeOf(kind, random);
  const terms = termsOf(kind, life, random);
  return {
    accountId,
    clientOrderId,
    symbol: drawnInstrument(random).symbol,
    side,
    quantity: quantity(kind === 'BY_QUOTE' ? '0' : stepsText(steps)),
    terms,
    instructions: instructionsOf(kind, { steps, terms }, random),
    trigger: triggerOf(kind, { side, life }, random),
    link: linkOf(kind, side, random),
    expireAt: life === 'GTD' ? nowMs + random.between(3_000, 20_000) : null,
  };
}

/** How long an order that can rest or wait lives. */
function lifeOf(kind: Kind, random: SeededRandom): 'GTC' | 'GTD' | 'DAY' {
  if (kind === 'GTD') return kind;
  const mayExpire = RESTING.includes(kind) || WAITING.includes(kind);
  return mayExpire && random.chance(COMBINED_SHARE) ? random.pick(['GTD', 'DAY']) : 'GTC';
}

/** Mostly the first one, so that its orders meet. */
function drawnInstrument(random: SeededRandom): Instrument {
  const [first, second] = INSTRUMENTS;
  return random.pick([first, first, second]);
}

const stepsText = (steps: number) => (steps / 100_000).toFixed(5);

function sideOf(kind: Kind, random: SeededRandom): OrderSide {
  if (kind === 'OCO') return 'SELL';
  return kind === 'BRACKET' ? 'BUY' : random.pick(['BUY', 'SELL']);
}

function termsOf(kind: Kind, life: 'GTC' | 'GTD' | 'DAY', random: SeededRandom): OrderTerms {
  if (kind === 'MARKET' || kind === 'BY_QUOTE')
    return { orderType: 'MARKET', timeInForce: random.pick(['IOC', 'FOK']) };
  if (WAITING.includes(kind) && random.chance(0.4))
    return { orderType: 'MARKET', timeInForce: 'IOC' };
  const limitPrice = kind === 'OCO' ? priceOf(MARKET.highest) : drawnPrice(random);
  const timeInForce = kind === 'IOC' || kind === 'FOK' ? kind : life;
  return { orderType: 'LIMIT', limitPrice, timeInForce };
}

function instructionsOf(
  kind: Kind,
  { steps, terms }: { readonly steps: number; readonly terms: OrderTerms },
  random: SeededRandom,
): OrderInstructions {
  const shown = stepsText(Math.ceil(steps / random.between(1, 15)));
  return {
    ...NO_INSTRUCTIONS,
    selfTradePrevention: random.pick(['CANCEL_TAKER', 'CANCEL_MAKER', 'CANCEL_BOTH', 'DECREMENT']),
    postOnly: postOnlyOf(kind, terms, random),
    displayQuantity: kind === 'ICEBERG' ? quantity(shown) : null,
    quoteQuantity: kind === 'BY_QUOTE' ? money((steps / 1000).toFixed(3)) : null,
  };
}

function postOnlyOf(
  kind: Kind,
  { orderType }: OrderTerms,
  random: SeededRandom,
): OrderInstructions['postOnly'] {
  if (kind === 'REJECT' || kind === 'REPRICE') return kind;
  const mayBe = kind === 'ICEBERG' || (WAITING.includes(kind) && orderType === 'LIMIT');
  return mayBe && random.chance(COMBINED_SHARE) ? random.pick(['REJECT', 'REPRICE']) : 'OFF';
}

function triggerOf(
  kind: Kind,
  { side, life }: { readonly side: OrderSide; readonly life: OrderTrigger['timeInForce'] },
  random: SeededRandom,
): OrderTrigger | null {
  if (!WAITING.includes(kind)) return null;
  const isTrailing = kind === 'TRAILING';
  const isAbove = (side === 'BUY') === (kind !== 'TAKE_PROFIT');
  const away = random.between(1, 6) * (isAbove ? 1 : -1);
  const middle = (MARKET.lowest + MARKET.highest) / 2;
  return {
    kind: isTrailing ? 'TRAILING_STOP' : kind === 'STOP' ? 'STOP' : 'TAKE_PROFIT',
    source: random.pick(['LAST_PRICE', 'BID_ASK', 'MID_POINT']),
    triggerPrice: priceOf(isTrailing ? 0 : middle + away),
    timeInForce: life,
    trailing: isTrailing ? { type: 'TICKS', offset: units(`${random.between(2, 8)}`) } : null,
    triggeredAt: null,
  };
}

function linkOf(kind: Kind, side: OrderSide, random: SeededRandom): OrderLink {
  const { lowest, highest } = MARKET;
  const stop = {
    triggerPrice: priceOf(lowest + random.between(1, 8)),
    source: random.pick(['LAST_PRICE', 'BID_ASK']),
    limitPrice: priceOf(lowest),
  };
  if (kind === 'OCO') return { ...NO_LINK, stop: { ...stop, triggeredAt: null } };
  const hasExit = kind === 'BRACKET' || (side === 'BUY' && random.chance(COMBINED_SHARE));
  if (!hasExit) return NO_LINK;
  const takeProfitPrice = random.chance(0.7) ? priceOf(highest - random.between(0, 6)) : null;
  const hasStop = takeProfitPrice === null || random.chance(0.5);
  return { ...NO_LINK, exit: { takeProfitPrice, stop: hasStop ? stop : null } };
}
