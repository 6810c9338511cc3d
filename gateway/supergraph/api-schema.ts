import { assertInputObjectType, assertScalarType, type GraphQLSchema, Kind, parse } from 'graphql';
import { DateTimeScalar, DecimalScalar } from '#shared/graphql/scalars.ts';

const ONE_OF = 'oneOf';

/**
 * Restores in the gateway's API schema what federation drops from it: the `@oneOf` of inputs, which
 * the supergraph has and the API schema loses, and the input checks of our scalars. Clients are
 * then refused before planning, and introspection shows `isOneOf`. Changes the schema in place,
 * because the gateway and Apollo Server already hold it.
 */
export function completeApiSchema(apiSchema: GraphQLSchema, supergraphSdl: string): void {
  for (const name of oneOfInputs(supergraphSdl)) {
    if (apiSchema.getType(name) === undefined) continue; // inaccessible: no client sees it
    assertInputObjectType(apiSchema.getType(name)).isOneOf = true;
  }
  for (const scalar of [DecimalScalar, DateTimeScalar]) {
    if (apiSchema.getType(scalar.name) === undefined) continue;
    const known = assertScalarType(apiSchema.getType(scalar.name));
    known.parseValue = scalar.parseValue;
    known.parseLiteral = scalar.parseLiteral;
  }
}

function oneOfInputs(supergraphSdl: string): readonly string[] {
  return parse(supergraphSdl, { noLocation: true }).definitions.flatMap((definition) =>
    definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION &&
    definition.directives?.some(({ name }) => name.value === ONE_OF)
      ? [definition.name.value]
      : [],
  );
}
