import type { ApolloServerOptions } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import type { GatewayContext } from '../gateway-context.ts';
import { RecentValues, type Room } from './recent-values.ts';

/**
 * What is kept of clients' documents, or made of them, is counted by the length of their texts,
 * comments included, because a parsed document keeps those too. A parsed document takes up to a
 * hundred times its length, a planned one up to 330 times.
 */
export const ROOM_FOR_DOCUMENTS: Room = { values: 2000, weight: 1024 * 1024 };

/** How much of the room a document takes. */
export function lengthOf({ loc }: DocumentNode): number {
  return loc?.source.body.length ?? 0;
}

/** On the document itself: what a WeakMap holds outlives its key by several collections. */
const READER = Symbol('reader');

interface ReadDocument extends DocumentNode {
  [READER]?: string;
}

/** Notes for which principal a document is read, for where it is kept. */
export function noteReader(document: ReadDocument, principal: string): void {
  document[READER] = principal;
}

/**
 * Where Apollo Server keeps valid documents. Its own store does not count their texts, so strangers
 * could fill the memory with comments.
 */
export function documentStore(): NonNullable<ApolloServerOptions<GatewayContext>['documentStore']> {
  const documents = new RecentValues<DocumentNode>(ROOM_FOR_DOCUMENTS);
  return {
    get: (key) => Promise.resolve(documents.get(key)),
    set: (key, document: ReadDocument) => {
      const owner = document[READER] ?? '';
      return Promise.resolve(documents.set(key, document, { weight: lengthOf(document), owner }));
    },
    delete: (key) => Promise.resolve(documents.delete(key)),
  };
}
