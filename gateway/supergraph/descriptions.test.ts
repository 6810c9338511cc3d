// The descriptions are the public manual. A directive is not shown by introspection, and that a list
// of reasons is open cannot be seen in the schema at all: both are therefore said in words.
import { type FieldDefinitionNode, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readText } from '../../tools/style/test-sources.ts';

const definitions = parse(readText('gateway/supergraph.graphql')).definitions;

/** Enums whose values are reasons, or kinds of what happens: more of them can be added. */
const OPEN_LISTS = /(Reason|AuditAction|ChangeKind|CauseType|EntryType|EventType)$/;

/** The scopes that a field needs; none for one that anybody can read. */
function scopesOf({ directives = [] }: FieldDefinitionNode): readonly string[] {
  return directives
    .filter(({ name }) => name.value === 'requiresScopes')
    .flatMap(({ arguments: args = [] }) => args)
    .flatMap(({ value }) => (value.kind === Kind.LIST ? value.values : []))
    .flatMap((set) => (set.kind === Kind.LIST ? set.values : []))
    .flatMap((scope) => (scope.kind === Kind.STRING ? [scope.value] : []));
}

describe('the description', () => {
  it('of a field that needs a scope names the scope', () => {
    const fields = definitions
      .filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
      .flatMap((type) => (type.fields ?? []).map((field) => ({ type: type.name.value, field })));
    const guarded = fields.filter(({ field }) => scopesOf(field).length > 0);
    expect(guarded.length).toBeGreaterThan(80);
    const silent = guarded.filter(({ field }) =>
      scopesOf(field).some((scope) => !(field.description?.value ?? '').includes(`\`${scope}\``)),
    );
    expect(silent.map(({ type, field }) => `${type}.${field.name.value}`)).toEqual([]);
  });

  it('of a list of reasons or kinds says that more can be added', () => {
    const lists = definitions
      .filter((node) => node.kind === Kind.ENUM_TYPE_DEFINITION)
      .filter(({ name }) => OPEN_LISTS.test(name.value));
    expect(lists.length).toBeGreaterThan(20);
    const closed = lists.filter(
      ({ description }) =>
        !/can be\s+added: keep a\s+default branch\./.test(description?.value ?? ''),
    );
    expect(closed.map(({ name }) => name.value)).toEqual([]);
  });
});
