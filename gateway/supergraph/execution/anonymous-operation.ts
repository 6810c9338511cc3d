import { type DocumentNode, getOperationAST, Kind } from 'graphql';

/**
 * The operation of a document that is run, without its name. A plan's fetches would repeat the
 * name; without it subgraphs are asked in the same words whatever clients call their operations,
 * and equal fetches of different operations are one.
 */
export function anonymousOperation(
  document: DocumentNode,
  operationName: string | undefined,
): DocumentNode {
  const operation = getOperationAST(document, operationName);
  if (!operation) return document; // the planner reports what is wrong with it
  const { name: _name, ...anonymous } = operation;
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return { ...document, definitions: [anonymous, ...fragments] };
}
