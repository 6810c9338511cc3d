import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';
import { scopeFor } from '#shared/identity/permission.ts';
import type { AccessRule, AccessRules } from './access-rules.ts';
import { argumentOf } from './directive-argument.ts';
import { PUBLIC_SUBGRAPH } from './public-plan.ts';

const NOTHING: AccessRule = { isAuthenticated: false, scopes: null };
const MARKET_DATA: AccessRule = {
  isAuthenticated: false,
  scopes: [[scopeFor('READ_MARKET') ?? '']],
};

/**
 * Adds to the stated rules of fields what follows from where their values are. The market-data
 * subgraph answers nobody without the right to market data, not even about an object that another
 * subgraph led to; and a field that requires others (`@requires`) needs what those need. Without
 * these rules an operation would run, and fail within a step that its client knows nothing of.
 */
export function withImpliedRules(document: DocumentNode, stated: AccessRules): AccessRules {
  const implied = new ImpliedRules(document, stated);
  const rules = new Map(stated);
  for (const coordinate of implied.coordinates) {
    const rule = implied.ruleOf(coordinate);
    if (rule !== NOTHING) rules.set(coordinate, rule);
  }
  return rules;
}

class ImpliedRules {
  readonly #types: ReadonlyMap<string, ObjectTypeDefinitionNode>;
  readonly #stated: AccessRules;
  /** How the supergraph names the subgraph; undefined if it is no part of it. */
  readonly #market: string | undefined;

  constructor({ definitions }: DocumentNode, stated: AccessRules) {
    const types = definitions.filter(({ kind }) => kind === Kind.OBJECT_TYPE_DEFINITION);
    this.#types = new Map(
      (types as ObjectTypeDefinitionNode[]).map((type) => [type.name.value, type]),
    );
    this.#stated = stated;
    this.#market = definitions
      .flatMap((node) => (node.kind === Kind.ENUM_TYPE_DEFINITION ? (node.values ?? []) : []))
      .find(({ directives = [] }) =>
        directives.some(
          (one) => one.name.value === 'join__graph' && argumentOf(one, 'name') === PUBLIC_SUBGRAPH,
        ),
      )?.name.value;
  }

  /** Every field. */
  get coordinates(): readonly string[] {
    return [...this.#types.values()].flatMap((type) =>
      (type.fields ?? []).map(({ name }) => `${type.name.value}.${name.value}`),
    );
  }

  ruleOf(coordinate: string): AccessRule {
    const [typeName = '', name = ''] = coordinate.split('.');
    const type = this.#types.get(typeName);
    const field = type?.fields?.find((one) => one.name.value === name);
    const stated = this.#stated.get(coordinate) ?? NOTHING;
    if (type === undefined || field === undefined) return stated;
    const required = joinsOf(field, 'join__field').flatMap((join) => {
      const fields = argumentOf(join, 'requires');
      return typeof fields === 'string' ? this.#fieldsIn(typeName, selectionOf(fields)) : [];
    });
    const own = this.#isOfMarketData(type, field) ? [stated, MARKET_DATA] : [stated];
    return [...own, ...required.map((one) => this.ruleOf(one))].reduce(both);
  }

  /**
   * Whether it alone answers a field of a type that others know too: to all other types a field of
   * the same subgraph leads, and its rule is enough.
   */
  #isOfMarketData(type: ObjectTypeDefinitionNode, field: FieldDefinitionNode): boolean {
    if (graphsIn(joinsOf(type, 'join__type')).length === 1) return false;
    const joins = joinsOf(field, 'join__field');
    const graphs = graphsIn(joins.filter((join) => argumentOf(join, 'external') !== true));
    return graphs.length > 0 && graphs.every((graph) => graph === this.#market);
  }

  /** The coordinates of all fields in a selection. */
  #fieldsIn(typeName: string, { selections }: SelectionSetNode): readonly string[] {
    return selections.flatMap((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return this.#fieldsIn(
          selection.typeCondition?.name.value ?? typeName,
          selection.selectionSet,
        );
      const name = selection.name.value;
      const field = this.#types.get(typeName)?.fields?.find((one) => one.name.value === name);
      const set = selection.selectionSet;
      const below = field && set ? this.#fieldsIn(namedTypeOf(field.type), set) : [];
      return [`${typeName}.${name}`, ...below];
    });
  }
}

/** What is needed if both are. */
function both(one: AccessRule, other: AccessRule): AccessRule {
  if (one === NOTHING || other === NOTHING) return one === NOTHING ? other : one;
  const isScoped = one.scopes !== null || other.scopes !== null;
  const sets = (one.scopes ?? [[]]).flatMap((set) =>
    (other.scopes ?? [[]]).map((more) => [...new Set([...set, ...more])]),
  );
  return {
    isAuthenticated: one.isAuthenticated || other.isAuthenticated,
    scopes: isScoped ? sets : null,
  };
}

function joinsOf(
  { directives = [] }: ObjectTypeDefinitionNode | FieldDefinitionNode,
  name: string,
): readonly ConstDirectiveNode[] {
  return directives.filter((directive) => directive.name.value === name);
}

/** The subgraphs that such directives name; a subgraph with two keys is named twice. */
function graphsIn(joins: readonly ConstDirectiveNode[]): readonly unknown[] {
  const graphs = joins.map((join) => argumentOf(join, 'graph'));
  return [...new Set(graphs)].filter((graph) => graph !== undefined);
}

function selectionOf(fields: string): SelectionSetNode {
  const [definition] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`No fields: ${fields}`);
  return definition.selectionSet;
}

function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}
