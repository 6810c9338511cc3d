import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invariant } from '#shared/domain/invariant.ts';
import { PASSPORT_HEADER, type PassportVerifier } from '#shared/identity/passport.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { REQUEST_ID_HEADER, type SubgraphRequest } from './subgraph-request.ts';

const STATUS = 401;
const TYPE = 'application/json; charset=utf-8';

/** The body of the refusal of a request that nothing was done for. */
export const REFUSAL_WITHOUT_PASSPORT = JSON.stringify({ error: 'A passport is needed.' });
/**
 * The same for a request that was received before, or may have been by the process before this one.
 * Something between sent it again: whether the first one was carried out is not known here.
 */
const REFUSAL_OF_REPETITION = JSON.stringify({ error: 'This passport was used before.' });

/** Whether a reply is the refusal of a request that nothing was done for. */
export function isRefusedWithoutPassport(statusCode: number, text: string): boolean {
  return statusCode === STATUS && text === REFUSAL_WITHOUT_PASSPORT;
}

const admitted = new WeakMap<FastifyRequest, SubgraphRequest>();
const OPEN_PATHS: ReadonlySet<string> = new Set(['/health/live', '/health/ready']);

/**
 * A request without a passport for exactly these bytes is answered 401 before any of it is parsed. A
 * request for the health needs none; one that it shows is checked, so that a unit can try out its own.
 */
export function admitRequests(
  app: FastifyInstance,
  verifier: PassportVerifier,
  logger: Logger,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('preHandler', async (request, reply) => {
    const passport = headerOf(request, PASSPORT_HEADER);
    if (OPEN_PATHS.has(request.url) && passport === undefined) return;
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const verdict = verifier.verify(passport, raw);
    if (verdict.kind === 'refused') {
      logger.warn(
        { reason: verdict.reason, path: request.url },
        'refused a request without a valid passport',
      );
      const isRepeated = verdict.reason === 'REPLAYED';
      return reply
        .code(STATUS)
        .type(TYPE)
        .send(isRepeated ? REFUSAL_OF_REPETITION : REFUSAL_WITHOUT_PASSPORT);
    }
    const requestId = headerOf(request, REQUEST_ID_HEADER) ?? randomUUID();
    const { viewer, origin, waitMs, quota } = verdict;
    const deadlineAtMs = waitMs === null ? null : performance.now() + waitMs;
    admitted.set(request, { viewer, origin, requestId, deadlineAtMs, quota });
    request.body = parseJson(raw);
  });
}

/**
 * The identity of an admitted request.
 * @throws Error if the guard did not admit it: a bug of ours
 */
export function viewerOf(request: FastifyRequest): SubgraphRequest {
  const known = admitted.get(request);
  invariant(known !== undefined, 'a request passed the guard without a passport');
  return known;
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}
