import {
  type FragmentDefinitionNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Variables } from './normalized-subscription.ts';
import type { SourceEvent } from './source-event-stream.ts';

/** The type of the events that report a loss. */
export const GAP = 'StreamGap';

/** What is known of a loss; see `StreamGap` in the schema. */
export interface Gap {
  readonly reason: 'FAILOVER' | 'SLOW_CONSUMER';
  /** The last sequence before it; null if not known. */
  readonly fromSequence?: string | null;
  /** The first sequence after it; null if not known yet. */
  readonly toSequence?: string | null;
  readonly instrumentSymbol?: string | null;
}

/**
 * An event that reports a loss, made by us in the form in which its subgraph would have sent it.
 * @param operation the operation of the stream, as its subgraph is asked, and its variables
 * @returns null if the operation does not ask for gaps, so that the client cannot be notified
 */
export function gapEvent(operation: string, variables: Variables, known: Gap): SourceEvent | null {
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
  const isAskedFor = select(root.selectionSet, { fragments, variables, values }, gap, false);
  return isAskedFor ? { data: { [(root.alias ?? root.name).value]: gap } } : null;
}

/** What a gap is selected from. */
interface Selected {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Variables;
  readonly values: ReadonlyMap<string, unknown>;
}

/**
 * Fills in what is selected on a gap.
 * @param isOfGap whether the set is of gaps alone
 * @returns whether anything is selected of gaps alone
 */
function select(
  set: SelectionSetNode,
  selected: Selected,
  gap: Record<string, unknown>,
  isOfGap: boolean,
): boolean {
  const { fragments, variables, values } = selected;
  let isAskedFor = false;
  for (const selection of set.selections) {
    if (isLeftOut(selection, variables)) continue;
    if (selection.kind === Kind.FIELD) {
      gap[(selection.alias ?? selection.name).value] = values.get(selection.name.value) ?? null;
      isAskedFor ||= isOfGap;
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const type = fragment?.typeCondition?.name.value;
    if (fragment === undefined || (type !== undefined && !mayBeGap(type))) continue;
    const isInnerAskedFor = select(fragment.selectionSet, selected, gap, isOfGap || type === GAP);
    isAskedFor ||= isInnerAskedFor;
  }
  return isAskedFor;
}

function isLeftOut(selection: SelectionNode, variables: Variables): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables);
  return skip?.['if'] === true || include?.['if'] === false;
}

/** A gap itself, or one of the unions of stream events, which all contain it. */
function mayBeGap(type: string): boolean {
  return type === GAP || type.endsWith('StreamEvent');
}
