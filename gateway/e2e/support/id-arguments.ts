import {
  getNamedType,
  getNullableType,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** One place in an operation where an id, or a text, goes in, as a test fills it. */
export interface IdArgument {
  /** The argument or input field itself: `Query.order(id:)`, `TransferInput.toAccountId`. */
  readonly coordinate: string;
  readonly operation: 'query' | 'mutation' | 'subscription';
  /** The root field it is reached by. */
  readonly rootField: string;
  /** The argument, then the input fields that lead there. */
  readonly path: readonly string[];
}

/** What to write for a value that is not under test. @returns undefined if anything will do */
export type ChooseValue = (coordinate: string, name: string) => unknown;

const IDS: ReadonlySet<string> = new Set(['ID']);
const TEXTS: ReadonlySet<string> = new Set(['ID', 'String']);

/** Every place below the root fields where a client sends an id. */
export function idArgumentsOf(schema: GraphQLSchema): readonly IdArgument[] {
  return argumentsOf(schema, IDS);
}

/** Every place below the root fields where a client sends a text, or an id. */
export function textArgumentsOf(schema: GraphQLSchema): readonly IdArgument[] {
  return argumentsOf(schema, TEXTS);
}

function argumentsOf(schema: GraphQLSchema, leaves: ReadonlySet<string>): readonly IdArgument[] {
  const roots = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  return (Object.keys(roots) as (keyof typeof roots)[]).flatMap((operation) =>
    Object.values(roots[operation]?.getFields() ?? {}).flatMap((field) =>
      field.args.flatMap((argument) =>
        placesIn(
          { coordinate: `${roots[operation]?.name}.${field.name}(${argument.name}:)`, leaves },
          argument.type,
          [argument.name],
        ).map((place) => ({ ...place, operation, rootField: field.name })),
      ),
    ),
  );
}

/** The coordinates of arguments on fields below the roots that take an id. */
export function nestedIdCoordinates(schema: GraphQLSchema): readonly string[] {
  const roots = new Set(['Query', 'Mutation', 'Subscription']);
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter(({ name }) => !name.startsWith('__') && !roots.has(name))
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) =>
        field.args.flatMap(({ name, type: given }) =>
          placesIn({ coordinate: `${type.name}.${field.name}(${name}:)`, leaves: IDS }, given, [
            name,
          ]).map(({ coordinate }) => coordinate),
        ),
      ),
    );
}

/** The operation that sends `value` at this place, sound everywhere else, and asks for all it can. */
export function operationFor(
  schema: GraphQLSchema,
  target: IdArgument,
  { value, choose }: { readonly value: string; readonly choose: ChooseValue },
): { readonly query: string; readonly variables: Readonly<Record<string, unknown>> } {
  const { operation, rootField, path } = target;
  const root = schema.getRootType(operation as never);
  const field = root?.getFields()[rootField];
  if (!root || !field) throw new Error(`There is no ${operation} ${rootField}.`);
  const used = field.args.filter((arg) => isRequiredArgument(arg) || arg.name === path[0]);
  const variables = Object.fromEntries(
    used.map((arg) => {
      const coordinate = `${root.name}.${rootField}(${arg.name}:)`;
      const rest = arg.name === path[0] ? path.slice(1) : null;
      return [arg.name, inputOf(arg.type, { coordinate, name: arg.name, rest, value, choose })];
    }),
  );
  const declared = used.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = used.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = selectionOf(schema, field.type, 2);
  return {
    query: `${operation} (${declared}) { ${rootField}(${passed}) ${selection} }`,
    variables,
  };
}

function placesIn(
  { coordinate, leaves }: { readonly coordinate: string; readonly leaves: ReadonlySet<string> },
  type: GraphQLInputType,
  path: readonly string[],
): readonly Pick<IdArgument, 'coordinate' | 'path'>[] {
  const named = getNamedType(type);
  if (leaves.has(named.name)) return [{ coordinate, path }];
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    placesIn({ coordinate: `${named.name}.${field.name}`, leaves }, field.type, [
      ...path,
      field.name,
    ]),
  );
}

interface Input {
  readonly coordinate: string;
  readonly name: string;
  /** The path to the id under test from here; null if it is elsewhere. */
  readonly rest: readonly string[] | null;
  readonly value: string;
  readonly choose: ChooseValue;
}

function inputOf(type: GraphQLInputType, input: Input): unknown {
  const nullable = getNullableType(type);
  const { coordinate, name, rest, value, choose } = input;
  if (isListType(nullable)) return [inputOf(nullable.ofType, input)];
  const chosen = rest === null ? choose(coordinate, name) : undefined;
  if (chosen !== undefined) return chosen;
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields());
    const used = fields.filter(
      (field) =>
        field.name === rest?.[0] ||
        (nullable.isOneOf ? rest === null && field === fields[0] : isRequiredInputField(field)),
    );
    return Object.fromEntries(
      used.map((field) => [
        field.name,
        inputOf(field.type, {
          ...input,
          coordinate: `${nullable.name}.${field.name}`,
          name: field.name,
          rest: field.name === rest?.[0] ? rest.slice(1) : null,
        }),
      ]),
    );
  }
  if (rest !== null) return value;
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name;
  const samples: Readonly<Record<string, unknown>> = {
    ID: 'sample',
    String: 'sample',
    Int: 1,
    Boolean: true,
    Decimal: '1',
    DateTime: '2100-01-01T00:00:00.000Z',
  };
  return samples[getNamedType(nullable).name];
}

/** Every leaf, and objects to this depth; what needs arguments is left out. */
function selectionOf(schema: GraphQLSchema, type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (isAbstractType(named)) {
    const members = schema.getPossibleTypes(named);
    const fragments = members.map(
      (member) => `... on ${member.name} ${selectionOf(schema, member, depth)}`,
    );
    return `{ __typename ${fragments.join(' ')} }`;
  }
  if (!isObjectType(named)) return '';
  const fields = Object.values(named.getFields())
    .filter(({ args }) => !args.some(isRequiredArgument))
    .filter((field) => isLeafType(getNamedType(field.type)) || depth > 1)
    .map((field) => `${field.name} ${selectionOf(schema, field.type, depth - 1)}`);
  return `{ __typename ${fields.join(' ')} }`;
}
