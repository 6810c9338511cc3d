import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isAbstractType,
  isUnionType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type NamedTypeNode,
  valueFromASTUntyped,
} from 'graphql';
import type { GivenValues } from '../../limits/given-variables.ts';

/** Whether a part of a selection is asked for, by `@skip` and `@include`. */
export type Condition = (values: GivenValues) => boolean;

/** What fragments and types of a selection mean. */
export interface Meaning {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** One of the selection sets that select from an object together. */
export interface Part {
  readonly set: SelectionSetNode;
  /** Null if it always does. */
  readonly isAsked: Condition | null;
}

/** A field of a response, which can occur in several places of its selection. */
export interface SelectedField {
  /** Its name in the response. */
  readonly name: string;
  /** Its first occurrence. */
  readonly node: FieldNode;
  /** What all its occurrences select from it; empty for a leaf. */
  readonly parts: readonly Part[];
}

/** Where a field is in a response: at its first occurrence that is asked for. */
export interface FieldPlace {
  readonly field: SelectedField;
  /** Whether it is here, and not in an earlier place or nowhere; null if it always is. */
  readonly isHere: Condition | null;
}

interface Occurrence {
  readonly name: string;
  readonly node: FieldNode;
  readonly isAsked: Condition | null;
}

/** What fragments and types of a valid document mean. */
export function meaningOf(schema: GraphQLSchema, { definitions }: DocumentNode): Meaning {
  const fragments = definitions.flatMap((node) =>
    node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
  );
  return { schema, fragments: new Map(fragments) };
}

/**
 * The fields that selection sets select together from an object of this type, in the order of the
 * response, which is that of the specification's CollectFields.
 */
export function selectedFields(
  meaning: Meaning,
  type: GraphQLCompositeType,
  parts: readonly Part[],
): readonly FieldPlace[] {
  const occurrences = parts.flatMap((part) => occurrencesIn(meaning, type, part));
  const byName = new Map<string, Occurrence[]>();
  for (const one of occurrences) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  const fields = new Map([...byName].map(([name, all]) => [name, fieldOf(name, all)]));
  return occurrences.flatMap((own): readonly FieldPlace[] => {
    const [field, all] = [fields.get(own.name), byName.get(own.name) ?? []];
    const earlier = new Set(all.slice(0, all.indexOf(own)).map(({ isAsked }) => isAsked));
    // After one that depends on nothing, or on the same, it is never the first that is asked for.
    if (field === undefined || earlier.has(null) || earlier.has(own.isAsked)) return [];
    return [{ field, isHere: firstOf(own.isAsked, [...earlier]) }];
  });
}

function occurrencesIn(
  meaning: Meaning,
  type: GraphQLCompositeType,
  { set, isAsked: isSetAsked }: Part,
): readonly Occurrence[] {
  return set.selections.flatMap((node): readonly Occurrence[] => {
    const isAsked = both(isSetAsked, conditionOf(node));
    if (node.kind === Kind.FIELD) return [{ name: (node.alias ?? node.name).value, node, isAsked }];
    const fragment =
      node.kind === Kind.INLINE_FRAGMENT ? node : meaning.fragments.get(node.name.value);
    if (fragment === undefined || !appliesTo(meaning.schema, fragment, type)) return [];
    return occurrencesIn(meaning, type, { set: fragment.selectionSet, isAsked });
  });
}

function fieldOf(name: string, all: readonly Occurrence[]): SelectedField | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const parts = all.flatMap(({ node: { selectionSet: set }, isAsked }) =>
    // The field is where its only occurrence is: what it depends on was asked there.
    set === undefined ? [] : [{ set, isAsked: all.length === 1 ? null : isAsked }],
  );
  return { name, node: first.node, parts };
}

function appliesTo(
  schema: GraphQLSchema,
  { typeCondition }: { readonly typeCondition?: NamedTypeNode | undefined },
  type: GraphQLCompositeType,
): boolean {
  if (typeCondition === undefined || typeCondition.name.value === type.name) return true;
  const condition = schema.getType(typeCondition.name.value);
  return isAbstractType(condition) && !isUnionType(type) && schema.isSubType(condition, type);
}

function conditionOf({ directives = [] }: SelectionNode): Condition | null {
  return directives.reduce<Condition | null>((all, { name, arguments: given = [] }) => {
    const value = given.find((argument) => argument.name.value === 'if')?.value;
    if (value === undefined) return all; // no directive of a condition
    const isTrue: Condition = (values) => valueFromASTUntyped(value, values) === true;
    if (name.value === 'skip') return both(all, (values) => !isTrue(values));
    return name.value === 'include' ? both(all, isTrue) : all;
  }, null);
}

function both(one: Condition | null, other: Condition | null): Condition | null {
  if (one === null || other === null) return one ?? other;
  return (values) => one(values) && other(values);
}

function firstOf(own: Condition | null, earlier: readonly (Condition | null)[]): Condition | null {
  if (earlier.length === 0) return own;
  return (values) =>
    (own === null || own(values)) && !earlier.some((isAsked) => isAsked?.(values) ?? true);
}
