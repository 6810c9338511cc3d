import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  isNonNullType,
  type OperationDefinitionNode,
  separateOperations,
  TypeInfo,
  type VariableNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import { DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { GivenValues, GivenVariables } from './given-variables.ts';
import { MAX_VALIDATION_ERRORS } from './validation-rules.ts';

/** An operation as its client sent it. */
export interface GivenOperation {
  readonly schema: GraphQLSchema;
  /** Valid against the schema. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: GivenVariables;
}

type Names = ReadonlySet<string>;
/** What {@link needed} has found. */
const known = new WeakMap<GraphQLSchema, WeakMap<OperationDefinitionNode, Names>>();

/**
 * An operation's variables by their types, with defaults; or the errors in them, as mistakes of the
 * client. Null where none can be is one, though a variable with a default may be declared so:
 * otherwise it is found only once the operation runs, by a subgraph or as a condition.
 */
export function coerceVariables(
  given: GivenOperation,
): { readonly coerced: GivenValues } | { readonly errors: readonly GraphQLError[] } {
  const { schema, operation, variables } = given;
  const definitions = operation.variableDefinitions ?? [];
  const limit = { maxErrors: MAX_VALIDATION_ERRORS };
  const { coerced = {}, errors } = getVariableValues(schema, definitions, variables ?? {}, limit);
  if (errors !== undefined) {
    // The last one, which says that there are more, would not be known as the client's mistake.
    for (const { extensions } of errors) extensions['code'] = DomainErrorCode.BAD_USER_INPUT;
    return { errors };
  }
  const nulls = definitions.filter(({ variable }) => coerced[variable.name.value] === null);
  if (nulls.length === 0) return { coerced };
  const names = needed(given);
  const wrong = nulls.filter(({ variable }) => names.has(variable.name.value));
  return wrong.length === 0
    ? { coerced }
    : { errors: wrong.map(({ variable }) => isNull(variable)) };
}

/** The variables that are used where null cannot be, by the operation and its fragments alone. */
function needed({ schema, document, operation }: GivenOperation): Names {
  const ofSchema = known.get(schema) ?? new WeakMap<OperationDefinitionNode, Names>();
  known.set(schema, ofSchema);
  const found = ofSchema.get(operation);
  if (found !== undefined) return found;
  const names = new Set<string>();
  const types = new TypeInfo(schema);
  const own = separateOperations(document)[operation.name?.value ?? ''];
  invariant(own, 'an operation of a document can be separated from the others');
  visit(
    own,
    visitWithTypeInfo(types, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void (isNonNullType(types.getInputType()) && names.add(name.value)),
    }),
  );
  ofSchema.set(operation, names);
  return names;
}

function isNull(variable: VariableNode): GraphQLError {
  return new GraphQLError(`Variable "$${variable.name.value}" must not be null where it is used.`, {
    nodes: variable,
    extensions: { code: DomainErrorCode.BAD_USER_INPUT },
  });
}
