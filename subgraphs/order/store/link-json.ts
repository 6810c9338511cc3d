import { formatUnits } from '#shared/domain/decimal.ts';
import type { ComparisonTokenId, OrderId, RfqId } from '#shared/domain/ids.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type ExitPlan, NO_LINK, type OrderLink, type StopLeg } from '../domain/order-link.ts';
import { unitsOf } from './stored-decimal.ts';

interface StopJson {
  readonly triggerPrice: string;
  readonly source: StopLeg['source'];
  readonly limitPrice: string;
}

/** A link as JSON: decimals are text. */
export interface LinkJson {
  readonly stop: (StopJson & { readonly triggeredAt: number | null }) | null;
  readonly exit: { readonly takeProfitPrice: string | null; readonly stop: StopJson | null } | null;
  readonly parentOrderId: OrderId | null;
  /** Omitted if there is none. */
  readonly rfqId?: RfqId;
  /** Omitted if there is none. */
  readonly comparisonToken?: ComparisonTokenId;
}

/** The JSON of a link; null for an order that stands alone. */
export function linkToJson(link: OrderLink): LinkJson | null {
  const { stop, exit, parentOrderId, rfqId, comparisonToken } = link;
  if ([stop, exit, parentOrderId, rfqId, comparisonToken].every((one) => one === null)) return null;
  return {
    parentOrderId,
    ...(rfqId === null ? {} : { rfqId }),
    ...(comparisonToken === null ? {} : { comparisonToken }),
    stop: stop === null ? null : { ...stopToJson(stop), triggeredAt: stop.triggeredAt },
    exit: exit === null ? null : exitToJson(exit),
  };
}

/** The link of its JSON, which only {@link linkToJson} makes. */
export function linkOfJson(json: LinkJson | null | undefined): OrderLink {
  if (json == null) return NO_LINK;
  const { stop, exit, parentOrderId, rfqId = null, comparisonToken = null } = json;
  return {
    parentOrderId,
    rfqId,
    comparisonToken,
    stop: stop === null ? null : { ...stopOfJson(stop), triggeredAt: stop.triggeredAt },
    exit:
      exit === null
        ? null
        : {
            takeProfitPrice: exit.takeProfitPrice === null ? null : priceOf(exit.takeProfitPrice),
            stop: exit.stop === null ? null : stopOfJson(exit.stop),
          },
  };
}

function exitToJson({ takeProfitPrice, stop }: ExitPlan): LinkJson['exit'] {
  return {
    takeProfitPrice: takeProfitPrice === null ? null : formatUnits(takeProfitPrice),
    stop: stop === null ? null : stopToJson(stop),
  };
}

function stopToJson({ triggerPrice, source, limitPrice }: Omit<StopLeg, 'triggeredAt'>): StopJson {
  return { triggerPrice: formatUnits(triggerPrice), source, limitPrice: formatUnits(limitPrice) };
}

function stopOfJson({ triggerPrice, source, limitPrice }: StopJson) {
  return { triggerPrice: priceOf(triggerPrice), source, limitPrice: priceOf(limitPrice) };
}

function priceOf(text: string): Price {
  return priceOfUnits(unitsOf(text));
}
