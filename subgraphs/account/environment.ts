import { z } from 'zod';
import { readEnvironment } from '#shared/environment/read-environment.ts';
import { subgraphEnvironment } from '#shared/environment/subgraph-variables.ts';
import { flagVariable } from '#shared/environment/variables.ts';

const schema = subgraphEnvironment(4001, {
  ACCESS_TOKEN_KEY: z.string(),
  SIGN_UP: flagVariable.default(false),
});

/** The variables of an account process, read and checked. */
export type AccountEnvironment = z.output<typeof schema>;

/** The only reader of `process.env` in this subgraph. @throws EnvironmentError naming every problem */
export function readAccountEnvironment(): AccountEnvironment {
  return readEnvironment(schema, process.env);
}
