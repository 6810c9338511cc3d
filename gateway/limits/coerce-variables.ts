import {
  BREAK,
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
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

/**
 * An operation's variables by their types, with defaults; or the errors in them, as mistakes of the
 * client. Null for a condition is one, though its variable can be null: graphql-js finds it only
 * once the operation runs.
 */
export function coerceVariables({
  schema,
  document,
  operation,
  variables,
}: GivenOperation):
  { readonly coerced: GivenValues } | { readonly errors: readonly GraphQLError[] } {
  const definitions = operation.variableDefinitions ?? [];
  const limit = { maxErrors: MAX_VALIDATION_ERRORS };
  const { coerced = {}, errors } = getVariableValues(schema, definitions, variables ?? {}, limit);
  if (errors === undefined) {
    const nulls = definitions.filter(({ variable }) => coerced[variable.name.value] === null);
    const wrong = nulls.filter((definition) => isCondition(definition, document, operation));
    return wrong.length === 0 ? { coerced } : { errors: wrong.map(noCondition) };
  }
  // The last one, which says that there are more, would not be known as the client's mistake.
  for (const { extensions } of errors) extensions['code'] = DomainErrorCode.BAD_USER_INPUT;
  return { errors };
}

/** Whether the variable decides by `@skip` or `@include` what is asked for. */
function isCondition(
  { variable: { name } }: VariableDefinitionNode,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  let isFound = false;
  visit(document, {
    OperationDefinition: (node) => (node === operation ? undefined : false),
    Directive: (node) => {
      isFound ||= (node.arguments ?? []).some(
        ({ value }) => value.kind === Kind.VARIABLE && value.name.value === name.value,
      );
      return isFound ? BREAK : undefined;
    },
  });
  return isFound;
}

function noCondition({ variable }: VariableDefinitionNode): GraphQLError {
  const { value: name } = variable.name;
  return new GraphQLError(`Variable "$${name}" is null, but a condition is true or false.`, {
    nodes: variable,
    extensions: { code: DomainErrorCode.BAD_USER_INPUT },
  });
}
