// Federation merges a type that several subgraphs define and takes one of its descriptions. They are
// therefore one text, and nobody reads another one in a subgraph's own schema than in the gateway's.
import { type DefinitionNode, parse, type StringValueNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readText } from '../../tools/style/test-sources.ts';

const SUBGRAPHS = ['account', 'market-data', 'order'] as const;

interface Described {
  readonly description?: StringValueNode | undefined;
  readonly name: { readonly value: string };
}

const texts = SUBGRAPHS.map(
  (name) =>
    new Map(
      parse(readText(`subgraphs/${name}/schema.graphql`)).definitions.flatMap((definition) =>
        describedIn(definition),
      ),
    ),
);
const shared = new Set(
  texts.flatMap((one) =>
    [...one.keys()].filter((key) => texts.some((other) => other !== one && other.has(key))),
  ),
);

describe('what several subgraphs define', () => {
  it('has one description', () => {
    expect(shared).toContain('StreamGap.fromSequence');
    const torn = [...shared].filter(
      (key) => new Set(texts.flatMap((one) => (one.has(key) ? [one.get(key)] : []))).size > 1,
    );
    expect(torn).toEqual([]);
  });
});

/** The description of a type and of its members, by name; what the type is extended by has none. */
function describedIn(definition: DefinitionNode): readonly (readonly [string, string])[] {
  if (!('name' in definition) || definition.name === undefined) return [];
  const type = definition.name.value;
  const members: readonly Described[] = [
    ...('fields' in definition ? (definition.fields ?? []) : []),
    ...('values' in definition ? (definition.values ?? []) : []),
  ];
  return [
    textOf(type, 'description' in definition ? definition.description : undefined),
    ...members.map(({ name, description }) => textOf(`${type}.${name.value}`, description)),
  ];
}

function textOf(key: string, description: StringValueNode | undefined) {
  return [key, description?.value ?? ''] as const;
}
