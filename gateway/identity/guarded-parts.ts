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
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { type GivenVariables, valuesOfVariables } from '../limits/given-variables.ts';
import type { AccessRules } from '../supergraph/access-rules.ts';

/** An operation, and the rules that apply to it. */
export interface GuardedOperation {
  readonly schema: GraphQLSchema;
  readonly rules: AccessRules;
  /** Valid against the schema. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: GivenVariables;
}

type Parts = readonly string[];
/** The findings, if they do not depend on the variables. */
const known = new WeakMap<AccessRules, WeakMap<OperationDefinitionNode, Parts>>();

/**
 * The coordinates in an operation that have a rule, in the order in which they occur. Fields that
 * the variables skip are not among them.
 */
export function guardedParts(guarded: GuardedOperation): Parts {
  const { schema, rules, operation } = guarded;
  const ofRules = known.get(rules) ?? new WeakMap<OperationDefinitionNode, Parts>();
  known.set(rules, ofRules);
  const found = ofRules.get(operation);
  if (found !== undefined) return found;
  const walk = new GuardedWalk(guarded);
  const root = schema.getRootType(operation.operation);
  if (root) walk.walk(operation.selectionSet, root);
  const parts = [...walk.parts];
  if (!walk.hasConditions) ofRules.set(operation, parts);
  return parts;
}

class GuardedWalk {
  readonly parts = new Set<string>();
  hasConditions = false;
  readonly #guarded: GuardedOperation;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #walked = new Set<string>();

  constructor(guarded: GuardedOperation) {
    const { document, operation, variables } = guarded;
    this.#guarded = guarded;
    this.#fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
    this.#variables = valuesOfVariables(operation, variables);
  }

  walk(set: SelectionSetNode, type: GraphQLNamedType): void {
    for (const selection of set.selections) {
      if (this.#isLeftOut(selection.directives)) continue;
      switch (selection.kind) {
        case Kind.FIELD:
          this.#walkField(selection.name.value, selection.selectionSet, type);
          break;
        case Kind.INLINE_FRAGMENT:
          this.#walkWithin(selection.selectionSet, selection.typeCondition?.name.value, type);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const name = selection.name.value;
          const fragment = this.#fragments.get(name);
          if (fragment === undefined || this.#walked.has(name)) break;
          this.#walked.add(name);
          this.#walkWithin(fragment.selectionSet, fragment.typeCondition.name.value, type);
        }
      }
    }
  }

  #walkField(name: string, set: SelectionSetNode | undefined, type: GraphQLNamedType): void {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (field === undefined) return; // of the schema itself: `__typename`, `__schema`
    const result = getNamedType(field.type);
    this.#note(`${type.name}.${name}`);
    this.#note(result.name);
    if (set !== undefined) this.walk(set, result);
  }

  #walkWithin(set: SelectionSetNode, condition: string | undefined, type: GraphQLNamedType): void {
    const narrowed = condition === undefined ? type : this.#guarded.schema.getType(condition);
    this.#note(narrowed?.name ?? type.name);
    this.walk(set, narrowed ?? type);
  }

  #note(coordinate: string): void {
    if (this.#guarded.rules.has(coordinate)) this.parts.add(coordinate);
  }

  #isLeftOut(directives: readonly DirectiveNode[] = []): boolean {
    return directives.some(({ name, arguments: given }) => {
      const condition = given?.find((argument) => argument.name.value === 'if')?.value;
      if (condition === undefined) return false;
      this.hasConditions = true;
      const isTrue = valueFromASTUntyped(condition, this.#variables);
      return name.value === 'skip' ? isTrue === true : name.value === 'include' && isTrue === false;
    });
  }
}
