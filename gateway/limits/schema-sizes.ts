import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** How many entries lists have whose sizes are known, by the coordinates of their fields. */
export type ListSizes = Readonly<Record<string, number>>;

/** How long the lists are in which a schema describes itself. */
export interface SchemaSizes {
  /** In each of many types, fields or directives. */
  readonly average: ListSizes;
  /** In one of them, whichever that is. */
  readonly longest: ListSizes;
}

/** A schema does not change, and there are few. */
const known = new WeakMap<GraphQLSchema, SchemaSizes>();

/** The sizes of a schema's own lists. */
export function schemaSizesOf(schema: GraphQLSchema): SchemaSizes {
  const sizes = known.get(schema) ?? measure(lengthsIn(schema));
  known.set(schema, sizes);
  return sizes;
}

type Lengths = Readonly<Record<string, readonly number[]>>;

function measure(lengths: Lengths): SchemaSizes {
  const sizesBy = (of: (all: readonly number[]) => number): ListSizes =>
    Object.fromEntries(Object.entries(lengths).map(([name, all]) => [name, of(all)]));
  return {
    average: sizesBy((all) => all.reduce((sum, one) => sum + one, 0) / Math.max(1, all.length)),
    longest: sizesBy((all) => Math.max(0, ...all)),
  };
}

/** The lengths of every list, by the coordinate of its field. */
function lengthsIn(schema: GraphQLSchema): Lengths {
  const types = Object.values(schema.getTypeMap());
  const fields = types.flatMap((type) => Object.values(fieldsOf(type)));
  const directives = schema.getDirectives();
  return {
    '__Schema.types': [types.length],
    '__Schema.directives': [directives.length],
    '__Directive.args': directives.map(({ args }) => args.length),
    '__Field.args': fields.map(({ args }) => args.length),
    '__Type.fields': types.map((type) => Object.keys(fieldsOf(type)).length),
    '__Type.interfaces': types.map((type) => interfacesOf(type).length),
    '__Type.possibleTypes': types.map((type) =>
      isAbstractType(type) ? schema.getPossibleTypes(type).length : 0,
    ),
    '__Type.enumValues': types.map((type) => (isEnumType(type) ? type.getValues().length : 0)),
    '__Type.inputFields': types.map((type) =>
      isInputObjectType(type) ? Object.keys(type.getFields()).length : 0,
    ),
  };
}

function fieldsOf(type: GraphQLNamedType) {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
}

function interfacesOf(type: GraphQLNamedType) {
  return isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
}
