import { formatUnits } from '#shared/domain/decimal.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { NO_INSTRUCTIONS, type OrderInstructions } from '../domain/order-instructions.ts';
import { unitsOf } from './stored-decimal.ts';

/** Instructions as JSON: decimals are text, and what is as in {@link NO_INSTRUCTIONS} is left out. */
export interface InstructionsJson {
  readonly postOnly?: OrderInstructions['postOnly'];
  readonly displayQuantity?: string;
  readonly quoteQuantity?: string;
  readonly selfTradePrevention?: OrderInstructions['selfTradePrevention'];
  readonly guardConnectionId?: string;
  readonly validUntil?: number;
}

/** The JSON of instructions; null for an order that has none. */
export function instructionsToJson(instructions: OrderInstructions): InstructionsJson | null {
  const { postOnly, displayQuantity, quoteQuantity, selfTradePrevention } = instructions;
  const { guardConnectionId, validUntil } = instructions;
  const json: InstructionsJson = {
    ...(postOnly === NO_INSTRUCTIONS.postOnly ? {} : { postOnly }),
    ...(displayQuantity === null ? {} : { displayQuantity: formatUnits(displayQuantity) }),
    ...(quoteQuantity === null ? {} : { quoteQuantity: formatUnits(quoteQuantity) }),
    ...(guardConnectionId === null ? {} : { guardConnectionId }),
    ...(validUntil === null ? {} : { validUntil }),
    ...(selfTradePrevention === NO_INSTRUCTIONS.selfTradePrevention ? {} : { selfTradePrevention }),
  };
  return Object.keys(json).length === 0 ? null : json;
}

/** The instructions of their JSON, which only {@link instructionsToJson} makes. */
export function instructionsOfJson(json: InstructionsJson | null | undefined): OrderInstructions {
  if (json == null) return NO_INSTRUCTIONS;
  const { displayQuantity, quoteQuantity, ...rest } = json;
  return {
    ...NO_INSTRUCTIONS,
    ...rest,
    displayQuantity:
      displayQuantity === undefined ? null : quantityOfUnits(unitsOf(displayQuantity)),
    quoteQuantity: quoteQuantity === undefined ? null : moneyOfUnits(unitsOf(quoteQuantity)),
  };
}
