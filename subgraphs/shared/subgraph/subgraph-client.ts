import type { Clock } from '#shared/domain/clock.ts';
import { errors, Pool } from '#shared/http/connection-pool.ts';
import { post, PostTimeoutError, PostUnsentError } from '#shared/http/post.ts';
import { isRefusedWhileClosing } from '#shared/http/refuse-while-closing.ts';
import { PASSPORT_HEADER, type PassportKey, signPassport } from '#shared/identity/passport.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { CountedQuota } from '#shared/identity/counted-quota.ts';
import type { ServiceName, Viewer } from '#shared/identity/viewer.ts';
import { traceHeaders } from '#shared/tracing/tracing.ts';
import { isRefusedWithoutPassport } from './passport-guard.ts';
import { REQUEST_ID_HEADER } from './subgraph-request.ts';
import { type SubgraphAnswer, UnescapedAnswer } from './subgraph-answer.ts';

/**
 * Below the subgraphs' own keep-alive, so that a request is never written into a closing socket.
 */
const IDLE_CONNECTION_MS = 30_000;
const CONNECTIONS = 64;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Where a subgraph is and how to call it. */
export interface SubgraphAddress {
  readonly name: Exclude<ServiceName, 'gateway'>;
  /** Its origin, like `http://127.0.0.1:4001`. */
  readonly url: string;
  readonly passportKey: PassportKey;
}

/** Who a subgraph is asked for, and for how long. */
export interface SubgraphCall {
  /** The viewer. */
  readonly viewer: Viewer;
  /** Where the viewer called from, if that is known. */
  readonly origin?: ClientOrigin | null;
  /** The viewer's quota, if the operation asks for it. */
  readonly quota?: CountedQuota | undefined;
  readonly requestId: string;
  /**
   * After this many milliseconds the call is given up; whether it took effect is then not known.
   * The subgraph knows the limit, and gives up too.
   */
  readonly timeoutMs: number;
}

/** One GraphQL operation for a subgraph. */
export interface SubgraphOperation extends SubgraphCall {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
}

/** A subgraph refused a call before it looked at it. */
class CallRefusedError extends Error {
  constructor(statusCode: number) {
    super(
      statusCode === 401
        ? 'It refuses our passports: its keys are others, or its address is that of another subgraph.'
        : 'It is shutting down.',
    );
    this.name = 'CallRefusedError';
  }
}

/**
 * A subgraph did not answer, or not as a GraphQL server does. What it did is not known, unless the
 * call never reached it.
 */
export class SubgraphUnavailableError extends Error {
  /**
   * Why no answer came: the time was over, or there was no connection; null if there was an answer.
   */
  readonly silence: 'late' | 'unreachable' | null;
  /** Whether something can have been done: the call was sent, and not refused at the door. */
  readonly wasTaken: boolean;

  constructor(name: string, cause: unknown, silence: 'late' | 'unreachable' | null = null) {
    super(`The ${name} subgraph did not answer.`, { cause });
    this.name = 'SubgraphUnavailableError';
    this.silence = silence;
    this.wasTaken = !isUntaken(cause);
  }
}

/** Calls one subgraph over kept-alive HTTP; every call carries a passport of its own. */
export class SubgraphClient {
  readonly #address: SubgraphAddress;
  readonly #clock: Clock;
  readonly #pool: Pool;

  constructor(address: SubgraphAddress, clock: Clock) {
    this.#address = address;
    this.#clock = clock;
    this.#pool = new Pool(address.url, {
      connections: CONNECTIONS,
      keepAliveTimeout: IDLE_CONNECTION_MS,
      maxResponseSize: MAX_ANSWER_BYTES,
    });
  }

  /**
   * Sends one operation, once.
   * @returns the parsed answer, `data` and `errors` as the subgraph gave them
   * @throws SubgraphUnavailableError if no answer came, in time or at all
   */
  request({
    query,
    variables,
    operationName,
    ...call
  }: SubgraphOperation): Promise<SubgraphAnswer> {
    return this.send(JSON.stringify({ query, variables, operationName }), call);
  }

  /** The same for an operation that is already the body of a request. */
  async send(body: string, call: SubgraphCall): Promise<SubgraphAnswer> {
    const passport = signPassport({
      viewer: call.viewer,
      origin: call.origin,
      audience: this.#address.name,
      key: this.#address.passportKey,
      body,
      waitMs: call.timeoutMs,
      quota: call.quota,
      clock: this.#clock,
    });
    let isAnswered = false;
    try {
      const { statusCode, text } = await post(this.#pool, {
        path: '/graphql',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          [PASSPORT_HEADER]: passport,
          [REQUEST_ID_HEADER]: call.requestId,
          ...traceHeaders(),
        },
        body,
        timeoutMs: call.timeoutMs,
      });
      isAnswered = true;
      if (isRefused(statusCode, text)) throw new CallRefusedError(statusCode);
      if (statusCode === 401 || statusCode >= 500) throw new Error(`HTTP ${statusCode}`);
      return answerOf(text);
    } catch (cause) {
      const silence = isAnswered ? null : silenceOf(cause);
      throw new SubgraphUnavailableError(this.#address.name, cause, silence);
    }
  }

  /** Closes the connections; calls in flight end first. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}

/**
 * Without a valid passport, or while it closes, a subgraph reads nothing of a call. Only its own words
 * prove that: what is between may have sent the call before.
 */
function isRefused(statusCode: number, text: string): boolean {
  return isRefusedWithoutPassport(statusCode, text) || isRefusedWhileClosing(statusCode, text);
}

function answerOf(text: string): SubgraphAnswer {
  const answer = JSON.parse(text) as SubgraphAnswer;
  // The caller reports what is wrong with an answer that is not an object.
  if (typeof answer !== 'object' || answer === null || text.includes('\\')) return answer;
  return new UnescapedAnswer(answer);
}

function isUntaken(cause: unknown): boolean {
  if (cause instanceof PostTimeoutError) return !cause.wasSent;
  return cause instanceof PostUnsentError || cause instanceof CallRefusedError;
}

function silenceOf(cause: unknown): 'late' | 'unreachable' | null {
  // An answer that is too long is an answer.
  if (cause instanceof errors.ResponseExceededMaxSizeError) return null;
  return cause instanceof PostTimeoutError ? 'late' : 'unreachable';
}
