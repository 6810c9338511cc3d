import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { type GivenValues, type GivenVariables, valuesOfVariables } from './given-variables.ts';

/** Arguments that give the length of a list, their own or that of the connection's edges. */
const SIZES: readonly string[] = ['first', 'last', 'depth'];
/** What a page counts as if no size is given. */
const DEFAULT_PAGE = 50;
/** What any other list counts as: balances, the fills of one order. */
const DEFAULT_LIST = 10;
/** What longer ones count as, by coordinate: an account can have 200 open orders in each instrument. */
const LONG_LISTS: ListSizes = { 'OrderSnapshot.openOrders': 200, 'OrderSnapshot.fills': 50 };
/** A mutation's work besides its answer, for each entry of the longest list in its arguments. */
const MUTATION_COST = 10;
/**
 * What fields cost besides their objects, because a store adds up many times as many rows, an order
 * meets many others, or the schema describes itself in thousands of objects; by coordinate.
 */
export const ADDED_UP: Readonly<Record<string, number>> = {
  'Account.statement': 1000,
  'Account.tradingStatement': 1000,
  'Account.rfqStatistics': 1000,
  'Query.deskBook': 100,
  'Query.deskRfqStatistics': 1000,
  'Query.previewOrder': 100,
  'Query.__schema': 2500,
  'Query.__type': 100,
};
/** What opening a stream costs besides one event. */
const SUBSCRIPTION_COST = 10;

/**
 * Lists of commands are no deeper than this in the inputs; what a client sends can be of any depth.
 */
const INPUT_DEPTH = 4;

/** Whether a field takes a size: such fields read pages of a store, or whole books. */
export function hasSize({ args }: Pick<GraphQLField<unknown, unknown>, 'args'>): boolean {
  return args.some(({ name }) => SIZES.includes(name));
}

/** How many entries lists have whose sizes are known, by the coordinates of their fields. */
export type ListSizes = Readonly<Record<string, number>>;

/** The most that an operation can cost, and how much of that is its answer. */
export interface OperationCost {
  readonly total: number;
  readonly answer: number;
}

/**
 * The most that an operation can cost, by its text and variables, before anything is planned:
 * one for every object that it can return, without leaves. A list
 * counts as many as it is known to have, or by `first`, `last` or `depth`, literal or variable;
 * otherwise as 50 if it is a page, else as 10 (`LONG_LISTS` as more). More for each statement, statistic and preview, and for the schema (`ADDED_UP`). At least one.
 * @param operation one of a valid document
 */
export function operationCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: GivenVariables,
  lists: ListSizes = {},
): OperationCost {
  const root = schema.getRootType(operation.operation);
  if (!root) return { total: 1, answer: 1 };
  const walk = new CostWalk(schema, document, valuesOfVariables(operation, variables), lists);
  const answer = walk.costOf(operation.selectionSet, root, null);
  if (operation.operation === 'query') return { total: Math.max(1, answer), answer };
  if (operation.operation === 'subscription') return { total: SUBSCRIPTION_COST + answer, answer };
  return { total: answer + MUTATION_COST * walk.commandsOf(operation.selectionSet), answer };
}

class CostWalk {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: GivenValues;
  readonly #lists: ListSizes;

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: GivenValues,
    lists: ListSizes,
  ) {
    this.#schema = schema;
    this.#variables = variables;
    this.#lists = lists;
    this.#fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
  }

  /** @param page the size that a surrounding field gave the next list; null if it gave none */
  costOf(set: SelectionSetNode, type: GraphQLNamedType, page: number | null): number {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        cost += this.#costOfField(selection, type, page);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : this.#fragments.get(selection.name.value);
      if (fragment === undefined) continue;
      const narrowed = fragment.typeCondition?.name.value;
      const inner = narrowed === undefined ? type : (this.#schema.getType(narrowed) ?? type);
      cost += this.costOf(fragment.selectionSet, inner, page);
    }
    return cost;
  }

  /** How many commands a mutation gives: entries of the longest list in each field's arguments. */
  commandsOf(set: SelectionSetNode): number {
    return set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD)
        return (
          sum + Math.max(1, ...(selection.arguments ?? []).map(({ value }) => this.#longest(value)))
        );
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : this.#fragments.get(selection.name.value);
      return fragment === undefined ? sum : sum + this.commandsOf(fragment.selectionSet);
    }, 0);
  }

  #costOfField(node: FieldNode, parent: GraphQLNamedType, page: number | null): number {
    const name = node.name.value;
    if (node.selectionSet === undefined) return 0;
    const coordinates = `${parent.name}.${name}`;
    if (name.startsWith('__')) return ADDED_UP[coordinates] ?? 0;
    const field =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (field === undefined || isLeafType(getNamedType(field.type))) return 0;
    const own = this.#sizeGivenTo(node, field);
    const isList = isListType(getNullableType(field.type));
    const size = this.#lists[coordinates] ?? own ?? page ?? LONG_LISTS[coordinates] ?? DEFAULT_LIST;
    const count = isList ? size : 1;
    const below = this.costOf(
      node.selectionSet,
      getNamedType(field.type),
      isList ? null : (own ?? page),
    );
    return count * (1 + below) + (ADDED_UP[coordinates] ?? 0);
  }

  /** @returns null if the field takes no size */
  #sizeGivenTo(node: FieldNode, { args }: GraphQLField<unknown, unknown>): number | null {
    const sizes = args.filter(({ name }) => SIZES.includes(name));
    if (sizes.length === 0) return null;
    for (const { name, defaultValue } of sizes) {
      const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
      const value = given === undefined ? defaultValue : (this.#valueOf(given) ?? defaultValue);
      if (typeof value === 'number' && Number.isFinite(value)) return Math.max(0, value);
    }
    return DEFAULT_PAGE;
  }

  #valueOf(node: ValueNode): unknown {
    return valueFromASTUntyped(node, this.#variables);
  }

  #longest(node: ValueNode): number {
    return longestList(this.#valueOf(node));
  }
}

function longestList(value: unknown, depth = INPUT_DEPTH): number {
  if (typeof value !== 'object' || value === null || depth === 0) return 0;
  const entries: readonly unknown[] = Object.values(value);
  const own = Array.isArray(value) ? value.length : 0;
  return entries.reduce<number>(
    (most, entry) => Math.max(most, longestList(entry, depth - 1)),
    own,
  );
}
