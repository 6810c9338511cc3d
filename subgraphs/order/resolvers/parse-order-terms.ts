import { moneyOfUnits } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type {
  ExpiryInput,
  OrderTermsInput,
  TrailingLimitTermsInput,
  TrailingMarketTermsInput,
  TriggerLimitTermsInput,
  TriggerMarketTermsInput,
} from '../__generated__/graphql.ts';
import type { OrderRequest } from '../domain/rules/order-rule.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { NO_LINK } from '../domain/order-link.ts';
import type { OrderTrigger, TriggerKind } from '../domain/order-trigger.ts';
import type { OrderTerms } from '../domain/order.ts';
import { UNPRICED_QUANTITY } from '../domain/quote-quantity.ts';
import { notExactlyOne } from './exactly-one.ts';
import { parseStopLeg } from './parse-order-link.ts';
import { unitsOf } from './units-of.ts';

/** What an order does, read from its terms. */
export type ParsedTerms = Pick<
  OrderRequest,
  'terms' | 'quantity' | 'trigger' | 'expireAt' | 'link' | 'instructions'
>;

type Parsers = {
  readonly [Name in keyof OrderTermsInput]-?: (
    input: NonNullable<OrderTermsInput[Name]>,
  ) => ParsedTerms;
};

const PARSERS: Parsers = {
  limit: ({ timeInForce = 'GTC', ...input }) => ({
    ...quantityIn(input),
    terms: limitTerms(input.limitPrice, timeInForce),
  }),
  market: ({ timeInForce = 'IOC', ...input }) => ({
    ...quantityIn(input),
    terms: { orderType: 'MARKET', timeInForce },
  }),
  marketByQuote: ({ quoteQuantity, timeInForce = 'IOC' }) => ({
    quantity: UNPRICED_QUANTITY,
    terms: { orderType: 'MARKET', timeInForce },
    instructions: { ...NO_INSTRUCTIONS, quoteQuantity: moneyOfUnits(unitsOf(quoteQuantity)) },
  }),
  postOnly: ({ mode, ...input }) => ({
    ...restingLimit(input),
    instructions: { ...NO_INSTRUCTIONS, postOnly: mode },
  }),
  iceberg: ({ displayQuantity, postOnly = 'OFF', ...input }) => ({
    ...restingLimit(input),
    instructions: {
      ...NO_INSTRUCTIONS,
      postOnly,
      displayQuantity: quantityOfUnits(unitsOf(displayQuantity)),
    },
  }),
  expiringLimit: (input) => restingLimit(input),
  stopMarket: (input) => triggered('STOP', input, null),
  stopLimit: (input) => triggeredLimit('STOP', input),
  takeProfitMarket: (input) => triggered('TAKE_PROFIT', input, null),
  takeProfitLimit: (input) => triggeredLimit('TAKE_PROFIT', input),
  trailingStopMarket: (input) => triggered('TRAILING_STOP', input, null),
  trailingStopLimit: (input) => triggeredLimit('TRAILING_STOP', input),
  oneCancelsOther: (input) => ({
    ...quantityIn(input),
    terms: limitTerms(input.limitPrice, 'GTC'),
    link: { ...NO_LINK, stop: { ...parseStopLeg(input.stop), triggeredAt: null } },
  }),
};

/** What the one member of an input asks for. @throws DomainError BAD_USER_INPUT unless there is one */
export function parseOrderTerms(input: OrderTermsInput): ParsedTerms {
  const given: [string, unknown][] = Object.entries(input).filter(([, value]) => value != null);
  const [member] = given;
  if (given.length !== 1 || member === undefined) throw notExactlyOne('terms');
  const [name, value] = member;
  // The member's own parser takes the member's own input: the types above pair them.
  const parse = PARSERS[name as keyof Parsers] as (input: unknown) => ParsedTerms;
  return parse(value);
}

function restingLimit(input: {
  readonly quantity: string;
  readonly limitPrice: string;
  readonly expires?: ExpiryInput | null;
}): ParsedTerms {
  const { timeInForce, expireAt } = lifeIn(input.expires);
  const terms = limitTerms(input.limitPrice, timeInForce);
  return { ...quantityIn(input), terms, expireAt };
}

function triggered(
  kind: TriggerKind,
  input: TriggerMarketTermsInput | TrailingMarketTermsInput,
  limitPrice: string | null,
): ParsedTerms {
  const { timeInForce, expireAt } = lifeIn(input.expires);
  const isTrailing = 'trailingOffset' in input;
  const trigger: OrderTrigger = {
    kind,
    source: input.triggerSource ?? 'LAST_PRICE',
    timeInForce,
    triggerPrice: priceOfUnits(isTrailing ? 0n : unitsOf(input.triggerPrice)),
    trailing: isTrailing
      ? { type: input.trailingOffsetType, offset: unitsOf(input.trailingOffset) }
      : null,
    triggeredAt: null,
  };
  const terms = limitPrice === null ? MARKET : limitTerms(limitPrice, timeInForce);
  return { ...quantityIn(input), terms, trigger, expireAt };
}

function triggeredLimit(
  kind: TriggerKind,
  { postOnly = 'OFF', ...input }: TriggerLimitTermsInput | TrailingLimitTermsInput,
): ParsedTerms {
  const instructions = { ...NO_INSTRUCTIONS, postOnly };
  return { ...triggered(kind, input, input.limitPrice), instructions };
}

const MARKET: OrderTerms = { orderType: 'MARKET', timeInForce: 'IOC' };

function limitTerms(
  limitPrice: string,
  timeInForce: Extract<OrderTerms, { orderType: 'LIMIT' }>['timeInForce'],
): OrderTerms {
  return { orderType: 'LIMIT', limitPrice: priceOfUnits(unitsOf(limitPrice)), timeInForce };
}

function lifeIn(expires: ExpiryInput | null | undefined): {
  readonly timeInForce: 'GTC' | 'GTD' | 'DAY';
  readonly expireAt: number | null;
} {
  if (expires == null) return { timeInForce: 'GTC', expireAt: null };
  const { at, endOfDay } = expires;
  if (at != null && endOfDay == null) return { timeInForce: 'GTD', expireAt: Date.parse(at) };
  if (endOfDay === true && at == null) return { timeInForce: 'DAY', expireAt: null };
  throw notExactlyOne('expires', ', and "endOfDay" must be true');
}

function quantityIn({ quantity }: { readonly quantity: string }) {
  return { quantity: quantityOfUnits(unitsOf(quantity)) };
}
