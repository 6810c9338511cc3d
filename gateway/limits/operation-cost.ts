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
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { type GivenValues, type GivenVariables, valuesOfVariables } from './given-variables.ts';
import { type ListSizes, type SchemaSizes, schemaSizesOf } from './schema-sizes.ts';

/** Arguments that give the length of a list, their own or that of the connection's edges. */
const SIZES: readonly string[] = ['first', 'last', 'depth'];
/** What a page counts as if no size is given. */
const DEFAULT_PAGE = 50;
/** What any other list counts as: balances, the fills of one order. */
const DEFAULT_LIST = 10;
/** What longer ones count as, by coordinate: an account can have 200 open orders in each instrument. */
const LONG_LISTS: ListSizes = {
  'OrderSnapshot.openOrders': 200,
  'OrderSnapshot.fills': 50,
  'Viewer.apiKeys': 100,
  'Viewer.sessions': 100,
  'Viewer.withdrawalAddresses': 100,
};
/**
 * What lists of each of several objects count as. Those of one are short as a rule, and bounded; but whoever makes
 * orders, requests and accounts only to list them lets all be as long as they can be: a request that nobody accepts is quoted
 * four times a second for half a minute, and an order has a hundred of each, of which a snapshot can bring all three.
 */
const REPEATED_LISTS: ListSizes = {
  'Account.members': 100,
  'Order.amends': 75,
  'Order.fills': 75,
  'Order.preventedMatches': 75,
  'Rfq.quotes': 120,
};
/** A mutation's work besides its answer, for each entry of the longest list in its arguments. */
const MUTATION_COST = 10;
/**
 * What each entry of a mutation's answer can bring without counting as often as there are entries: an order
 * without its lists. The entries themselves are charged as commands.
 */
const ANSWERED_WITH = 20;
/** How many entries an answer can have that no argument lists. Nobody can bring the same ones again. */
const ANSWERED: ListSizes = { 'OrdersCanceled.orders': 1000 };
/** The most that the lists of old orders add to the answers of a batch, which is then sent alone: new orders hardly have any. */
const MOST_OF_OLD_ORDERS = 10_000;
/**
 * What fields cost besides their objects, because a store adds up many times as many rows, or looks
 * up some for each asset, or an order meets many others; by coordinate.
 */
export const ADDED_UP: Readonly<Record<string, number>> = {
  'Account.statement': 1000,
  'Account.tradingStatement': 1000,
  'Account.rfqStatistics': 1000,
  'AccountHistoryEdge.node': 4,
  'AccountHistoryPoint.valuation': 10,
  'Query.deskBook': 100,
  'Query.deskRfqStatistics': 1000,
  'Query.previewOrder': 100,
};
/** The fields that describe the schema: every query type has them, and none lists them. */
const META_FIELDS = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);
/** It leads from `[Order!]!` to what is in it: no object of its own. */
const WRAPPED = '__Type.ofType';
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

/** The most that an operation can cost, and how much of that is its answer. */
export interface OperationCost {
  readonly total: number;
  readonly answer: number;
}

/**
 * The most that an operation can cost, by its text and variables, before anything is planned: one for every object
 * that it can return, without leaves. A list counts as many as it is known to have, or by `first`, `last` or `depth`,
 * literal or variable; otherwise as 50 if it is a page, also for its end alone, else as 10 (`LONG_LISTS` and
 * `REPEATED_LISTS` as more), and those of the schema itself by what it has. The list of a mutation's answers counts
 * as 10 while they are small, otherwise by its commands, with what old orders can bring. A leaf under another name
 * counts in the schema alone. More for each statement, statistic, preview and point of a history (`ADDED_UP`). At
 * least one.
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
  const values = valuesOfVariables(operation, variables);
  const walk = new CostWalk(schema, document, values, lists);
  const answer = Math.round(walk.costOf(operation.selectionSet, root, WHOLE_ANSWER));
  if (operation.operation === 'query') return { total: Math.max(1, answer), answer };
  if (operation.operation === 'subscription') return { total: SUBSCRIPTION_COST + answer, answer };
  return { total: answer + MUTATION_COST * walk.commandsOf(operation.selectionSet), answer };
}

/** Where fields are selected. */
interface Place {
  /** The size that a surrounding field gave the next list; null if it gave none. */
  readonly page: number | null;
  /** Whether their object is one of a list. */
  readonly isRepeated: boolean;
  /** How many entries the next list has if it answers a mutation; null if it answers none. */
  readonly answered: number | null;
}

const WHOLE_ANSWER: Place = { page: null, isRepeated: false, answered: null };

class CostWalk {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: GivenValues;
  readonly #known: ListSizes;
  readonly #ofSchema: SchemaSizes;

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: GivenValues,
    known: ListSizes,
  ) {
    this.#schema = schema;
    this.#variables = variables;
    this.#known = known;
    this.#ofSchema = schemaSizesOf(schema);
    this.#fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
  }

  costOf(set: SelectionSetNode, type: GraphQLNamedType, place: Place): number {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        cost += this.#costOfField(selection, type, place);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : this.#fragments.get(selection.name.value);
      if (fragment === undefined) continue;
      const narrowed = fragment.typeCondition?.name.value;
      const inner = narrowed === undefined ? type : (this.#schema.getType(narrowed) ?? type);
      cost += this.costOf(fragment.selectionSet, inner, place);
    }
    return cost;
  }

  /** How many commands a mutation gives: entries of the longest list in each field's arguments. */
  commandsOf(set: SelectionSetNode): number {
    return set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + Math.max(1, this.#longestGivenTo(selection));
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : this.#fragments.get(selection.name.value);
      return fragment === undefined ? sum : sum + this.commandsOf(fragment.selectionSet);
    }, 0);
  }

  #costOfField(node: FieldNode, parent: GraphQLNamedType, place: Place): number {
    const { selectionSet: set } = node;
    if (set === undefined) return node.alias !== undefined && isMeta(parent) ? 1 : 0;
    const field = fieldOf(parent, node.name.value);
    if (field === undefined || isLeafType(getNamedType(field.type))) return 0;
    const coordinates = `${parent.name}.${node.name.value}`;
    const ownPage = this.#sizeGivenTo(node, field);
    const page = ownPage ?? place.page;
    const isCommand = parent === this.#schema.getMutationType();
    const answered = isCommand ? this.#longestGivenTo(node) : place.answered;
    const costIn = (inner: Place) => this.costOf(set, getNamedType(field.type), inner);
    if (isListType(getNullableType(field.type)))
      return this.#costOfList(coordinates, { ...place, page, answered }, costIn);
    const own = coordinates === WRAPPED ? 0 : 1;
    // A page is read whole, also for its end alone.
    const inner = Math.max(ownPage ?? 0, costIn({ ...place, page, answered }));
    return own + inner + (ADDED_UP[coordinates] ?? 0);
  }

  /** @param costIn what an entry costs besides itself */
  #costOfList(coordinates: string, place: Place, costIn: (inner: Place) => number): number {
    const { page, answered, isRepeated } = place;
    const inner = { page: null, answered: null };
    if (answered === null || (this.#known[coordinates] ?? page) !== null)
      return this.#lengthOf(coordinates, place) * (1 + costIn({ ...inner, isRepeated: true }));
    const entry = 1 + costIn({ ...inner, isRepeated });
    const most = ANSWERED[coordinates];
    if (most !== undefined) return costOfAnswer(Math.max(answered, most), entry);
    // A batch can name old orders, or one of them again and again.
    const old = answered * (1 + costIn({ ...inner, isRepeated: true }) - ANSWERED_WITH);
    return Math.max(costOfAnswer(answered, entry), Math.min(old, MOST_OF_OLD_ORDERS));
  }

  #lengthOf(coordinates: string, { page, isRepeated }: Place): number {
    const repeated = isRepeated ? REPEATED_LISTS[coordinates] : undefined;
    const long = LONG_LISTS[coordinates] ?? repeated;
    const { average, longest } = this.#ofSchema;
    const described = (isRepeated ? average : longest)[coordinates];
    return this.#known[coordinates] ?? page ?? described ?? long ?? DEFAULT_LIST;
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

  #longestGivenTo({ arguments: given = [] }: FieldNode): number {
    return Math.max(0, ...given.map(({ value }) => longestList(this.#valueOf(value))));
  }
}

function fieldOf(
  parent: GraphQLNamedType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  const hasFields = isObjectType(parent) || isInterfaceType(parent);
  return META_FIELDS.get(name) ?? (hasFields ? parent.getFields()[name] : undefined);
}

/** Whether it describes the schema. Its texts are long: each under another name counts as an object. */
function isMeta({ name }: GraphQLNamedType): boolean {
  return name.startsWith('__');
}

/** @param entry what each of them costs */
function costOfAnswer(count: number, entry: number): number {
  return Math.max(DEFAULT_LIST * entry, count * (entry - ANSWERED_WITH));
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
