import { readFileSync, writeFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { messageOf } from '#shared/domain/message-of.ts';
import { SUBGRAPH_NAMES } from './subgraph-names.ts';

const SUPERGRAPH = new URL('../supergraph.graphql', import.meta.url);

/**
 * Composes the three schemas into the supergraph. The addresses in it are placeholders: the real
 * ones come from the configuration, so that one committed contract serves every deployment.
 * @throws Error with every composition error, one line each
 */
export function composeSupergraph(): string {
  const { supergraphSdl, errors } = composeServices(
    SUBGRAPH_NAMES.map((name) => ({
      name,
      url: `http://${name}.subgraph`,
      typeDefs: parse(
        readFileSync(new URL(`../../subgraphs/${name}/schema.graphql`, import.meta.url), 'utf8'),
      ),
    })),
  );
  if (errors !== undefined && errors.length > 0)
    throw new Error(errors.map(({ message }) => message).join('\n'));
  return `${supergraphSdl ?? ''}\n`;
}

/** Whether the committed supergraph is what the schemas compose to. */
export function isSupergraphCurrent(composed: string): boolean {
  try {
    return readFileSync(SUPERGRAPH, 'utf8') === composed;
  } catch {
    return false;
  }
}

/** `npm run compose` writes the supergraph; with `--check` it only says whether it is stale. */
function main(check: boolean): number {
  try {
    const composed = composeSupergraph();
    if (!check) writeFileSync(SUPERGRAPH, composed);
    else if (!isSupergraphCurrent(composed)) {
      process.stderr.write(
        'gateway/supergraph.graphql is stale: run `npm run compose` and commit the result.\n',
      );
      return 1;
    }
    return 0;
  } catch (cause) {
    process.stderr.write(`${messageOf(cause)}\n`);
    return 1;
  }
}

if (import.meta.filename === process.argv[1])
  process.exitCode = main(process.argv.includes('--check'));
