import { readFileSync } from 'node:fs';
import { buildSchema, isObjectType, isUnionType } from 'graphql';
import { describe, expect, it } from 'vitest';

const sdl = readFileSync(new URL('../supergraph.graphql', import.meta.url), 'utf8');

// GraphQL refuses a selection of two members' fields of one name and different types, so a client
// would need an alias for one of them; we name such fields apart instead.
describe('the members of one union', () => {
  const unions = Object.values(buildSchema(sdl, { assumeValid: true }).getTypeMap()).filter(
    isUnionType,
  );

  it.each(unions.map((union) => [union.name, union] as const))(
    '%s agree on the type of every field they share',
    (_name, union) => {
      const types = new Map<string, Set<string>>();
      for (const member of union.getTypes().filter(isObjectType))
        for (const field of Object.values(member.getFields()))
          types.set(field.name, (types.get(field.name) ?? new Set()).add(String(field.type)));
      const torn = [...types].filter(([, shapes]) => shapes.size > 1).map(([name]) => name);
      expect(torn).toEqual([]);
    },
  );
});
