import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { OrderId } from '#shared/domain/ids.ts';
import type { Execution } from '../domain/ports/execution-venue.ts';

/**
 * Merges all trades of an order with the same iceberg, which rests at one price, into one. The merged trade takes the
 * place of the last one, so that the step that ends either order stays its last.
 */
export function withoutRepeats(steps: Execution['steps']): Execution['steps'] {
  if (steps.length < 2) return steps;
  const backwards: Execution['steps'][number][] = [];
  const places = new Map<OrderId, number>();
  for (const step of steps.toReversed()) {
    const makerOrderId = step.kind === 'trade' ? step.makerOrderId : null;
    const place = makerOrderId === null ? undefined : places.get(makerOrderId);
    const later = place === undefined ? undefined : backwards[place];
    if (place !== undefined && later?.kind === 'trade' && step.kind === 'trade') {
      backwards[place] = { ...later, quantity: quantityOfUnits(later.quantity + step.quantity) };
      continue;
    }
    if (makerOrderId !== null) places.set(makerOrderId, backwards.length);
    backwards.push(step);
  }
  return backwards.toReversed();
}
