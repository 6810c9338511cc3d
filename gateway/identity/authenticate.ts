import { createHash, randomUUID } from 'node:crypto';
import type { GraphQLFormattedError } from 'graphql';
import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import { DomainError, DomainErrorCode, unavailable } from '#shared/graphql/domain-error.ts';
import type { RequestSignature } from '#shared/identity/request-signature.ts';
import type { Anonymous, Scope, Viewer } from '#shared/identity/viewer.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { Outage } from '#shared/logging/outage.ts';
import { type SubgraphClient, SubgraphUnavailableError } from '#shared/subgraph/subgraph-client.ts';
import type { Credential } from './credential.ts';
import { malformed, refused, unauthenticated } from './credential-refusals.ts';
import { CREDENTIAL_TIMES } from './credential-times.ts';
import type { CredentialFollower } from './follow-credentials.ts';
import { AUTHENTICATE, type AuthenticationAnswer, traderOf } from './principal.ts';
import { StrangeKeys } from './strange-keys.ts';

const REMEMBERED = 10_000;
const LIMIT_MS = 2000;

/** The viewer, or why there is none. */
type Verdict =
  | { readonly viewer: Viewer }
  | { readonly viewer: null; readonly reason: string | null; readonly checkedAt: string | null };

/** A credential as the account subgraph is asked about it. */
interface ShownCredential {
  readonly apiKey?: string;
  readonly accessToken?: string;
  readonly address?: string;
  readonly signature?: RequestSignature;
  readonly isSignatureChecked?: boolean;
}

interface Answer {
  readonly verdict: Promise<Verdict>;
  readonly askedAt: number;
  /** Who the credential was found to be: nobody, or not known yet while there is no answer. */
  userId: UserId | null | 'unknown';
}

/**
 * Finds out who a credential stands for, by asking the account subgraph. Equal credentials share
 * one question, and its answer for a second, or until a change of their user is published. Only
 * hashes of credentials are kept.
 */
export class Authenticator implements CredentialFollower {
  readonly #account: SubgraphClient;
  readonly #anonymous: Anonymous;
  readonly #clock: Clock;
  readonly #outage: Outage;
  readonly #rememberedMs: number;
  readonly #answers = new Map<string, Answer>();
  readonly #strangeKeys: StrangeKeys;

  constructor(options: {
    readonly account: SubgraphClient;
    /** The scopes of requests without a credential. */
    readonly anonymousScopes: readonly Scope[];
    readonly clock: Clock;
    readonly logger: Logger;
    /** See {@link CREDENTIAL_TIMES}. */
    readonly rememberedMs?: number | undefined;
  }) {
    this.#account = options.account;
    this.#anonymous = { kind: 'anonymous', scopes: options.anonymousScopes };
    this.#clock = options.clock;
    this.#outage = new Outage(options.logger, {
      away: 'could not check a credential',
      back: 'credentials can be checked again',
      level: 'error',
    });
    this.#strangeKeys = new StrangeKeys(options.clock);
    this.#rememberedMs = options.rememberedMs ?? CREDENTIAL_TIMES.rememberedMs;
  }

  /**
   * @param maxAgeMs the age up to which an earlier answer is used; 0 asks again about a credential that was accepted
   * @returns the viewer; anonymous only if no credential was shown
   * @throws DomainError UNAUTHENTICATED for an invalid credential (HTTP 401), FORBIDDEN for a key
   *   shown from an address it does not allow (403), UNAVAILABLE if that cannot be found out now
   *   (503), RATE_LIMITED for a key from an address that has sent too many that do not exist (429)
   */
  async authenticate(credential: Credential, maxAgeMs = this.#rememberedMs): Promise<Viewer> {
    switch (credential.kind) {
      case 'none':
        return this.#anonymous;
      case 'malformed':
        throw malformed();
      case 'apiKey':
        return this.#byApiKey(credential, maxAgeMs);
      case 'accessToken':
        return this.#viewerOf({ accessToken: credential.accessToken }, maxAgeMs);
      default:
        return assertNever(credential, 'authenticate');
    }
  }

  /** Forgets the answers about this user's credentials, and the questions in flight. */
  lookAgain(userId: UserId | null): void {
    for (const [key, answer] of this.#answers)
      if (userId === null || answer.userId === userId || answer.userId === 'unknown')
        this.#answers.delete(key);
  }

  async #byApiKey(
    { apiKey, address, signature }: Credential & { readonly kind: 'apiKey' },
    maxAgeMs: number,
  ): Promise<Viewer> {
    const credential = { apiKey, address };
    if (maxAgeMs > 0) this.#strangeKeys.admit(credential); // otherwise it was accepted before
    if (signature === undefined) return this.#viewerOf(credential, maxAgeMs);
    if (signature === 'checked')
      return this.#viewerOf({ ...credential, isSignatureChecked: true }, maxAgeMs);
    return this.#viewerOf({ ...credential, signature }, maxAgeMs);
  }

  async #viewerOf(credential: ShownCredential, maxAgeMs: number): Promise<Viewer> {
    // A signature is valid once, so it never shares the answer of another request.
    const verdict = await ('signature' in credential
      ? this.#ask(credential)
      : this.#remembered(credential, maxAgeMs));
    if (verdict.viewer === null) throw refused(verdict, credential);
    if (hasEnded(verdict.viewer, this.#clock.now())) throw unauthenticated();
    return verdict.viewer;
  }

  #remembered(credential: ShownCredential, maxAgeMs: number): Promise<Verdict> {
    const key = createHash('sha256').update(JSON.stringify(credential)).digest('base64url');
    const now = this.#clock.now();
    const known = this.#answers.get(key);
    if (known !== undefined && ageOf(known, now) < maxAgeMs) return known.verdict;
    const answer: Answer = { verdict: this.#ask(credential), askedAt: now, userId: 'unknown' };
    this.#remember(key, answer, now);
    answer.verdict.then(
      ({ viewer }) => (answer.userId = viewer?.kind === 'trader' ? viewer.userId : null),
      () => {
        // A failed question is shared by all that wait for it, and then forgotten.
        if (this.#answers.get(key) === answer) this.#answers.delete(key);
      },
    );
    return answer.verdict;
  }

  #remember(key: string, answer: Answer, now: number): void {
    this.#answers.delete(key); // keeps the map in the order of asking
    for (const [oldKey, old] of this.#answers) {
      if (ageOf(old, now) < this.#rememberedMs && this.#answers.size < REMEMBERED) break;
      this.#answers.delete(oldKey);
    }
    this.#answers.set(key, answer);
  }

  async #ask(credential: ShownCredential): Promise<Verdict> {
    try {
      const answer = await this.#account.request({
        query: AUTHENTICATE,
        variables: { credential },
        viewer: { kind: 'service', name: 'gateway' },
        requestId: randomUUID(),
        timeoutMs: LIMIT_MS,
      });
      const isNobody = isNoText(answer.errors);
      if (codeOf(answer.errors) === DomainErrorCode.UNAVAILABLE)
        throw new SubgraphUnavailableError('account', new Error(JSON.stringify(answer.errors)));
      if (answer.errors !== undefined && !isNobody)
        throw new Error('The account subgraph refused to check a credential', {
          cause: answer.errors,
        });
      const { authenticate } = isNobody
        ? { authenticate: NOBODY }
        : (answer.data as { readonly authenticate: AuthenticationAnswer });
      this.#outage.answered();
      const { principal, reason, checkedAt } = authenticate;
      this.#noteKey(credential, authenticate);
      if (principal === null) return { viewer: null, reason, checkedAt };
      return { viewer: traderOf(principal) };
    } catch (cause) {
      this.#outage.failed(cause);
      if (!(cause instanceof SubgraphUnavailableError)) throw cause;
      throw unavailable('NOT_APPLIED', 'Credentials cannot be checked at the moment.', {
        http: { status: 503 },
      });
    }
  }

  #noteKey(
    { apiKey, address = '' }: ShownCredential,
    { principal, reason }: AuthenticationAnswer,
  ): void {
    if (apiKey === undefined) return;
    if (principal !== null) this.#strangeKeys.noteValid({ apiKey });
    else if (reason === null) this.#strangeKeys.noteUnknown({ address });
  }
}

/** The answer about a key that nobody has. */
const NOBODY: AuthenticationAnswer = { principal: null, reason: null, checkedAt: null };

/** How old an answer is. One from after now was given before the clock was set back. */
function ageOf({ askedAt }: Answer, now: number): number {
  return askedAt > now ? Infinity : now - askedAt;
}

/** When a viewer's credential ends, milliseconds since the epoch; null if it does not. */
function endOf(viewer: Viewer): number | null {
  return viewer.kind === 'trader' ? viewer.expiresAt : null;
}

/** Whether a viewer's credential has expired by its own terms. */
export function hasEnded(viewer: Viewer, now: number): boolean {
  const end = endOf(viewer);
  return end !== null && end <= now;
}

/** Whether an authentication error means that the credential itself is invalid now. */
export function isRefusedCredential(cause: unknown): cause is DomainError {
  if (!(cause instanceof DomainError)) return false;
  const { code } = cause.extensions;
  return code === DomainErrorCode.UNAUTHENTICATED || code === DomainErrorCode.FORBIDDEN;
}

/**
 * Whether the account subgraph refused to look because no store can hold such a text: no key is
 * like that.
 */
function isNoText(errors: readonly unknown[] | undefined): boolean {
  return codeOf(errors) === DomainErrorCode.BAD_USER_INPUT;
}

/** The code of the first error. */
function codeOf(errors: readonly unknown[] | undefined): unknown {
  const [error] = (errors ?? []) as readonly GraphQLFormattedError[];
  return error?.extensions?.['code'];
}
