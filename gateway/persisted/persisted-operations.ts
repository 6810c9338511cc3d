import { GraphQLError } from 'graphql';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { type OperationManifest, sha256 } from './operation-manifest.ts';

/** The parts of a request that say which operation is meant; none of them is checked yet. */
export interface OperationRequest {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

/** Can precede a hash. */
const SCHEME = /^sha256:/;

/**
 * Replaces the hash of a registered operation by its text, and refuses everything else if only
 * registered operations may run. No request registers anything: a text that comes with a hash is
 * compared with it and not kept.
 */
export class PersistedOperations {
  readonly #manifest: OperationManifest;
  readonly #isOnly: boolean;

  /** @param isOnly whether only registered operations may run */
  constructor(manifest: OperationManifest, isOnly: boolean) {
    this.#manifest = manifest;
    this.#isOnly = isOnly;
  }

  /** The texts of all registered operations. */
  get texts(): readonly string[] {
    return [...this.#manifest.values()];
  }

  /**
   * @returns the request with a text and without a hash; unchanged if it has neither
   * @throws GraphQLError for a hash that is unknown or not that of the text, and for a text that
   *   may not run; its `http` has the status
   */
  resolve<Request extends OperationRequest>(request: Request): Request {
    const hash = hashOf(request);
    const text = typeof request.query === 'string' && request.query !== '' ? request.query : null;
    if (hash === null && text === null) return request; // whatever runs it reports what is wrong
    const found = hash === null ? text : (text ?? this.#manifest.get(hash));
    if (found === undefined || found === null) throw notFound();
    if (hash !== null && text !== null && sha256(text) !== hash) throw notTheHash();
    if (this.#isOnly && !this.#manifest.has(hash ?? sha256(found))) throw notRegistered();
    return hash === null ? request : withText(request, found);
  }
}

/** @returns null if there is none @throws DomainError if it is none */
function hashOf({ documentId, extensions }: OperationRequest): string | null {
  const { persistedQuery } = (extensions ?? {}) as { readonly persistedQuery?: unknown };
  const { sha256Hash } = (persistedQuery ?? {}) as { readonly sha256Hash?: unknown };
  const given = documentId ?? sha256Hash ?? null;
  if (given === null && persistedQuery == null) return null;
  if (typeof given !== 'string') throw notTheHash();
  return given.replace(SCHEME, '').toLowerCase();
}

function withText<Request extends OperationRequest>(request: Request, query: string): Request {
  const { documentId: _documentId, extensions, ...others } = request;
  const { persistedQuery: _persistedQuery, ...rest } = (extensions ?? {}) as Record<
    string,
    unknown
  >;
  return { ...others, extensions: rest, query } as unknown as Request;
}

function notFound(): GraphQLError {
  return new GraphQLError('No operation is registered with this hash.', {
    extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', http: { status: 404 } },
  });
}

function notTheHash(): DomainError {
  return new DomainError(
    DomainErrorCode.BAD_USER_INPUT,
    'The given hash is not the SHA-256 of the operation.',
    { http: { status: 400 } },
  );
}

function notRegistered(): DomainError {
  return new DomainError(DomainErrorCode.FORBIDDEN, 'Only registered operations are accepted.', {
    reason: 'NOT_REGISTERED',
    http: { status: 403 },
  });
}
