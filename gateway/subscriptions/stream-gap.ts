import {
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { SourceEvent } from './source-event-stream.ts';

/** The type of the events that tell of a loss. */
export const GAP = 'StreamGap';

/** What is known of a loss; see `StreamGap` in the schema. */
export interface Gap {
  readonly reason: 'FAILOVER' | 'SLOW_CONSUMER';
  /** The last sequence before it; null when not known. */
  readonly fromSequence?: string | null;
  /** The first sequence after it; null when not known yet. */
  readonly toSequence?: string | null;
  readonly instrumentSymbol?: string | null;
}

/**
 * An event that says that the stream lost something, made by us in the form in which its subgraph
 * would have sent it.
 * @param operation the operation of the stream, as its subgraph is asked
 * @returns null when the operation does not ask for gaps, so that a client could not be told
 */
export function gapEvent(operation: string, known: Gap): SourceEvent | null {
  const { definitions } = parse(operation, { noLocation: true });
  const fragments = new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment): [string, FragmentDefinitionNode] => [fragment.name.value, fragment]),
  );
  const subscription = definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION,
  );
  const root = subscription?.selectionSet.selections[0];
  if (root?.kind !== Kind.FIELD || root.selectionSet === undefined) return null;
  const values = new Map<string, unknown>([['__typename', GAP], ...Object.entries(known)]);
  const gap: Record<string, unknown> = {};
  const isAskedFor = select(root.selectionSet, fragments, values, gap);
  return isAskedFor ? { data: { [(root.alias ?? root.name).value]: gap } } : null;
}

/** Fills in what is selected on a gap. @returns whether gaps are selected at all */
function select(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  values: ReadonlyMap<string, unknown>,
  gap: Record<string, unknown>,
): boolean {
  let isAskedFor = false;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      gap[(selection.alias ?? selection.name).value] = values.get(selection.name.value) ?? null;
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const type = fragment?.typeCondition?.name.value;
    if (fragment === undefined || (type !== undefined && !mayBeGap(type))) continue;
    const inner = select(fragment.selectionSet, fragments, values, gap);
    isAskedFor ||= inner || type === GAP;
  }
  return isAskedFor;
}

/** A gap itself, or one of the unions of stream events, all of which have it. */
function mayBeGap(type: string): boolean {
  return type === GAP || type.endsWith('StreamEvent');
}
