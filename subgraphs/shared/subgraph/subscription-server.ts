import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import {
  type DocumentNode,
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { CloseCode, type SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { maskToGraphQLError } from '#shared/graphql/format-error.ts';
import type { PassportVerifier } from '#shared/identity/passport.ts';
import { operationBody } from '#shared/identity/operation-body.ts';
import type { SubgraphDefinition } from './create-subgraph-server.ts';
import { StreamSocket } from './stream-socket.ts';

const MAX_PAYLOAD_BYTES = 1024 * 1024;
const REMEMBERED_DOCUMENTS = 1000;
const CLOSE_TIMEOUT_MS = 2000;

/**
 * Serves `graphql-transport-ws` to the gateway on `/graphql`. The socket itself belongs to nobody:
 * each operation brings its own passport in `extensions.passport`, bound to its query and
 * variables.
 */
export function serveSubscriptions<Context extends { readonly requestId: string }>(options: {
  readonly server: Server;
  readonly schema: GraphQLSchema;
  readonly verifier: PassportVerifier;
  readonly definition: SubgraphDefinition<Context>;
  readonly report: (cause: unknown) => void;
}): { stop(): Promise<void> } {
  const { schema, verifier, definition, report } = options;
  const documents = new DocumentCache(schema);
  const sockets = new WebSocketServer({
    server: options.server,
    path: '/graphql',
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: false,
    WebSocket: StreamSocket,
  });
  const mask = (error: unknown) => maskToGraphQLError(error, report);
  const prepare = (payload: SubscribePayload): ExecutionArgs | readonly GraphQLError[] => {
    const passport = payload.extensions?.['passport'];
    const body = operationBody(payload.query, payload.variables);
    const verdict = verifier.verify(typeof passport === 'string' ? passport : undefined, body);
    if (verdict.kind === 'refused') return [unauthenticated()];
    const document = documents.get(payload.query);
    if (!('kind' in document)) return document;
    return {
      schema,
      document,
      variableValues: payload.variables ?? {},
      contextValue: definition.createContext({
        viewer: verdict.viewer,
        origin: verdict.origin,
        requestId: randomUUID(),
        deadlineAtMs: null,
        quota: null,
      }),
    };
  };
  const disposable = useServer(
    {
      schema,
      onSubscribe: (_context, _id, payload) => prepare(payload),
      onNext: (_context, _id, _payload, _args, result): FormattedExecutionResult =>
        result.errors === undefined
          ? (result as FormattedExecutionResult)
          : ({
              ...result,
              errors: result.errors.map((error) => mask(error).toJSON()),
            } as FormattedExecutionResult),
      onError: (_context, _id, _payload, errors) => errors.map((error) => mask(error).toJSON()),
    },
    sockets,
  );
  // What the server could not do, such as listen, is its caller's to report; the library would call it a bug.
  sockets.removeAllListeners('error').on('error', () => undefined);
  return {
    stop: async () => {
      for (const socket of sockets.clients) socket.close(1001, 'Shutting down');
      const forced = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, CLOSE_TIMEOUT_MS);
      await disposable.dispose();
      clearTimeout(forced);
    },
  };
}

/** Parsed and validated documents by their text: the gateway sends few and sends them often. */
class DocumentCache {
  readonly #schema: GraphQLSchema;
  readonly #documents = new Map<string, DocumentNode>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** @returns the document, or the errors that make it invalid */
  get(query: string): DocumentNode | readonly GraphQLError[] {
    const known = this.#documents.get(query);
    if (known !== undefined) return known;
    try {
      const document = parse(query);
      const errors = validate(this.#schema, document);
      if (errors.length > 0) return errors;
      if (this.#documents.size >= REMEMBERED_DOCUMENTS) this.#documents.clear();
      this.#documents.set(query, document);
      return document;
    } catch (error) {
      return [error instanceof GraphQLError ? error : new GraphQLError(String(error))];
    }
  }
}

function unauthenticated(): GraphQLError {
  return new GraphQLError('A passport is needed.', {
    extensions: { code: 'UNAUTHENTICATED', closeCode: CloseCode.Forbidden },
  });
}
