import type { GraphQLError } from 'graphql';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { SubgraphName } from '../supergraph/subgraph-names.ts';
import type { Variables } from './normalized-subscription.ts';

/** One event as the owning subgraph sent it: a GraphQL result of its own operation. */
export interface SourceEvent {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message?: string }[];
}

/** What is asked of a subgraph. */
export interface SourceRequest {
  readonly subgraph: SubgraphName;
  readonly query: string;
  readonly variables: Variables;
  /** Who it is asked for. */
  readonly viewer: Viewer;
}

/** Receives one stream; after `failed`, `completed` or `lost` nothing more arrives. */
export interface SourceListener {
  /**
   * @param process that sent it; only the sequences of one process can be compared
   * @param bytes that it took on its way
   */
  next(event: SourceEvent, process?: object, bytes?: number): void;
  /** The subgraph refused or ended the stream with errors. */
  failed(errors: readonly GraphQLError[]): void;
  /** The subgraph ended the stream. */
  completed(): void;
  /** The connection was lost, or could not be made; what happened since is not known. */
  lost(): void;
}

/** The streams of the subgraphs: where events come from. */
export interface SourceEventStreams {
  /**
   * Opens a stream.
   * @returns a function that closes it silently; it can be called more than once
   */
  open(request: SourceRequest, listener: SourceListener): () => void;
  /** Closes everything; open listeners get `lost`. */
  stop(): void;
}
