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
import type { OrderSide, OrderTerms, TimeInForce } from '../../subgraphs/order/domain/order.ts';
import type { PlaceOrder } from '../../subgraphs/order/domain/place-order.ts';
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
  'TRAILING',
  'OCO',
  'BRACKET',
] as const;
type Kind = (typeof KINDS)[number];

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
  return {
    accountId,
    clientOrderId,
    symbol: drawnInstrument(random).symbol,
    side,
    quantity: quantity(kind === 'BY_QUOTE' ? '0' : stepsText(steps)),
    terms: termsOf(kind, random),
    instructions: instructionsOf(kind, steps, random),
    trigger: triggerOf(kind, side, random),
    link: linkOf(kind, random),
    expireAt: kind === 'GTD' ? nowMs + random.between(3_000, 20_000) : null,
  };
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

function termsOf(kind: Kind, random: SeededRandom): OrderTerms {
  const limit = (timeInForce: TimeInForce): OrderTerms => {
    const limitPrice = kind === 'OCO' ? priceOf(MARKET.highest) : drawnPrice(random);
    return { orderType: 'LIMIT', limitPrice, timeInForce };
  };
  if (kind === 'MARKET' || kind === 'BY_QUOTE')
    return { orderType: 'MARKET', timeInForce: random.pick(['IOC', 'FOK']) };
  if (kind === 'TRAILING') return { orderType: 'MARKET', timeInForce: 'IOC' };
  return limit(kind === 'IOC' || kind === 'FOK' || kind === 'GTD' ? kind : 'GTC');
}

function instructionsOf(kind: Kind, steps: number, random: SeededRandom): OrderInstructions {
  const shown = stepsText(Math.ceil(steps / random.between(1, 15)));
  return {
    ...NO_INSTRUCTIONS,
    selfTradePrevention: random.pick(['CANCEL_TAKER', 'CANCEL_MAKER', 'CANCEL_BOTH', 'DECREMENT']),
    postOnly: kind === 'REJECT' || kind === 'REPRICE' ? kind : NO_INSTRUCTIONS.postOnly,
    displayQuantity: kind === 'ICEBERG' ? quantity(shown) : null,
    quoteQuantity: kind === 'BY_QUOTE' ? money((steps / 1000).toFixed(3)) : null,
  };
}

function triggerOf(kind: Kind, side: OrderSide, random: SeededRandom): OrderTrigger | null {
  if (kind !== 'STOP' && kind !== 'TRAILING') return null;
  const isTrailing = kind === 'TRAILING';
  const away = random.between(1, 6) * (side === 'BUY' ? 1 : -1);
  const middle = (MARKET.lowest + MARKET.highest) / 2;
  return {
    kind: isTrailing ? 'TRAILING_STOP' : 'STOP',
    source: random.pick(['LAST_PRICE', 'BID_ASK', 'MID_POINT']),
    triggerPrice: priceOf(isTrailing ? 0 : middle + away),
    timeInForce: 'GTC',
    trailing: isTrailing ? { type: 'TICKS', offset: units(`${random.between(2, 8)}`) } : null,
    triggeredAt: null,
  };
}

function linkOf(kind: Kind, random: SeededRandom): OrderLink {
  const { lowest, highest } = MARKET;
  const stop = {
    triggerPrice: priceOf(lowest + random.between(1, 8)),
    source: random.pick(['LAST_PRICE', 'BID_ASK']),
    limitPrice: priceOf(lowest),
  };
  if (kind === 'OCO') return { ...NO_LINK, stop: { ...stop, triggeredAt: null } };
  if (kind !== 'BRACKET') return NO_LINK;
  const takeProfitPrice = random.chance(0.7) ? priceOf(highest - random.between(0, 6)) : null;
  const hasStop = takeProfitPrice === null || random.chance(0.5);
  return { ...NO_LINK, exit: { takeProfitPrice, stop: hasStop ? stop : null } };
}
