import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { GivenVariables } from '../limits/operation-cost.ts';
import type { AccessRule, AccessRules } from '../supergraph/access-rules.ts';

/** An operation about to be run, and for whom. */
export interface AuthorizedOperation {
  readonly schema: GraphQLSchema;
  readonly rules: AccessRules;
  /** Valid. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: GivenVariables;
  readonly viewer: Viewer;
}

/**
 * Says whether a viewer may ask for all that an operation asks for, by the supergraph's own rules;
 * what its variables leave out does not count. An operation is refused as a whole: nothing of a
 * mutation has happened when its answer may not be read.
 * @returns why not; null when it may
 */
export function refusalOfAccess(authorized: AuthorizedOperation): DomainError | null {
  const { schema, operation } = authorized;
  const root = schema.getRootType(operation.operation);
  return root ? new AccessWalk(authorized).refusalOf(operation.selectionSet, root) : null;
}

class AccessWalk {
  readonly #authorized: AuthorizedOperation;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Readonly<Record<string, unknown>>;
  /** Fragments that were found to be allowed. */
  readonly #allowed = new Set<string>();

  constructor(authorized: AuthorizedOperation) {
    const { document, operation, variables } = authorized;
    this.#authorized = authorized;
    this.#fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
    this.#variables = Object.fromEntries(
      (operation.variableDefinitions ?? []).map(({ variable: { name }, defaultValue }) => {
        const given = variables?.[name.value];
        const value =
          given === undefined && defaultValue ? valueFromASTUntyped(defaultValue) : given;
        return [name.value, value];
      }),
    );
  }

  refusalOf(set: SelectionSetNode, type: GraphQLNamedType): DomainError | null {
    for (const selection of set.selections) {
      if (this.#isLeftOut(selection.directives)) continue;
      const refusal = this.#refusalOfSelection(selection, type);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  #refusalOfSelection(selection: SelectionNode, type: GraphQLNamedType): DomainError | null {
    switch (selection.kind) {
      case Kind.FIELD: {
        const name = selection.name.value;
        const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : null;
        if (!field) return null; // of the schema itself: `__typename`, `__schema`
        const result = getNamedType(field.type);
        const refusal = this.#refusalOn(`${type.name}.${name}`) ?? this.#refusalOn(result.name);
        if (refusal !== null || selection.selectionSet === undefined) return refusal;
        return this.refusalOf(selection.selectionSet, result);
      }
      case Kind.INLINE_FRAGMENT:
        return this.#refusalWithin(
          selection.selectionSet,
          selection.typeCondition?.name.value,
          type,
        );
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        const fragment = this.#fragments.get(name);
        if (fragment === undefined || this.#allowed.has(name)) return null;
        const { selectionSet, typeCondition } = fragment;
        const refusal = this.#refusalWithin(selectionSet, typeCondition.name.value, type);
        if (refusal === null) this.#allowed.add(name);
        return refusal;
      }
    }
  }

  #refusalWithin(set: SelectionSetNode, condition: string | undefined, type: GraphQLNamedType) {
    if (condition === undefined) return this.refusalOf(set, type);
    const narrowed = this.#authorized.schema.getType(condition) ?? type;
    return this.#refusalOn(narrowed.name) ?? this.refusalOf(set, narrowed);
  }

  #refusalOn(coordinate: string): DomainError | null {
    const rule = this.#authorized.rules.get(coordinate);
    return rule === undefined ? null : refusalBy(rule, this.#authorized.viewer, coordinate);
  }

  #isLeftOut(directives: readonly DirectiveNode[] = []): boolean {
    return directives.some(({ name, arguments: given }) => {
      const condition = given?.find((argument) => argument.name.value === 'if')?.value;
      if (condition === undefined) return false;
      const isTrue = valueFromASTUntyped(condition, this.#variables);
      return name.value === 'skip' ? isTrue === true : name.value === 'include' && isTrue === false;
    });
  }
}

function refusalBy(rule: AccessRule, viewer: Viewer, coordinate: string): DomainError | null {
  const scopes: readonly string[] = viewer.kind === 'service' ? [] : viewer.scopes;
  const isKnown = viewer.kind === 'trader' || !rule.isAuthenticated;
  const isInScope =
    rule.scopes === null || rule.scopes.some((set) => set.every((scope) => scopes.includes(scope)));
  if (isKnown && isInScope) return null;
  if (viewer.kind !== 'trader')
    return new DomainError(DomainErrorCode.UNAUTHENTICATED, 'A credential is needed for this.', {
      coordinate,
      http: { status: 401 },
    });
  const needed = (rule.scopes ?? []).map((set) => set.join(' and ')).join(', or ');
  return new DomainError(DomainErrorCode.FORBIDDEN, `This credential lacks the scope ${needed}.`, {
    reason: 'SCOPE_MISSING',
    needed,
    coordinate,
    http: { status: 403 },
  });
}
