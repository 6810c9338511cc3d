import { existsSync, readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('./examples/', import.meta.url);

/** A ready-made operation of the explorer. */
export interface Example {
  /** The file name without its ending: a digit for the order, and a name. */
  readonly name: string;
  readonly query: string;
  /** JSON text for the editor; empty if the operation needs none. */
  readonly variables: string;
}

/** The ready-made operations, in the order of their numbers. */
export function readExamples(): readonly Example[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.graphql'.length);
      const variables = new URL(`${name}.variables.json`, FOLDER);
      return {
        name,
        query: readFileSync(new URL(file, FOLDER), 'utf8'),
        variables: existsSync(variables) ? readFileSync(variables, 'utf8') : '',
      };
    });
}
