import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { refuseWhileClosing } from '#shared/http/refuse-while-closing.ts';
import {
  cutOffSlowClients,
  SLOW_CLIENT_LIMITS,
  type SlowClientLimits,
} from '#shared/http/slow-clients.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { AllowedOrigins } from './allowed-origins.ts';
import { answerBrokenRequest } from './answer-broken-requests.ts';
import type { ClientOrigins } from './client-origins.ts';
import { answerOneAtATime } from './one-at-a-time.ts';
import { keepRawBody } from './raw-body.ts';
import { protectReplies, protectReply } from './reply-headers.ts';
import { cutOffUnread, READING_LIMITS, type ReadingLimits } from './unread-answers.ts';

/** Many times the largest batch of orders; a body that declares more is not read. */
const MAX_BODY_BYTES = 256 * 1024;
/** Longer than common load balancers keep an idle connection. */
const KEEP_ALIVE_MS = 65_000;
const PREFLIGHT_AGE_S = 600;
/** The headers of a response that pages can read. */
const EXPOSED_HEADERS = 'x-request-id, ratelimit, ratelimit-policy, retry-after';

/** For the developer of the page: the browser itself says only that it blocked the request. */
const UNKNOWN_ORIGIN =
  'Web pages of this origin cannot call the gateway: its operator allows them with ALLOWED_ORIGINS.';

const NOT_FOUND =
  'Nothing is served for this method and address; GraphQL is at /graphql, with POST.';

/** The headers that pages can send. */
const ALLOWED_HEADERS =
  'content-type, authorization, x-api-key, x-signature, x-timestamp, x-nonce, x-receive-window-ms, x-cost-only, apollo-require-preflight';

/** No route has a JSON schema, so what compiles them (ajv and the like) is never loaded. */
const noCompiler = () => () => {
  throw new Error('No route may have a JSON schema.');
};
const WITHOUT_COMPILERS = { buildValidator: noCompiler, buildSerializer: noCompiler };

/** What the HTTP server is built from. */
export interface HttpAppOptions {
  readonly origins: AllowedOrigins;
  readonly clients: ClientOrigins;
  readonly logger: Logger;
  /** Default: those in force. */
  readonly slowClients?: SlowClientLimits | undefined;
  /** Default: those in force. */
  readonly reading?: ReadingLimits | undefined;
}

/**
 * The HTTP server without routes: limits on size and time, JSON in UTF-8 as the only body, refusals
 * in GraphQL's shape, the headers of every reply, and CORS for the allowed origins.
 */
export function createHttpApp({
  origins,
  clients,
  logger,
  slowClients = SLOW_CLIENT_LIMITS,
  reading = READING_LIMITS,
}: HttpAppOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // it would not be in GraphQL's shape
    ...cutOffSlowClients(slowClients),
    schemaController: { compilersFactory: WITHOUT_COMPILERS },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      protectReply(request, reply, clients);
      void refuse(reply, error.statusCode ?? 400, error.message);
    },
  });
  answerOneAtATime(app, reading.answerMs);
  cutOffUnread(app.server, reading);
  protectReplies(app, clients);
  acceptJsonOnly(app);
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, NOT_FOUND));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return refuse(reply, status, error.message);
    logger.error({ err: error }, 'a request failed outside GraphQL');
    return refuse(reply, 500, 'An internal error occurred.', 'INTERNAL_SERVER_ERROR');
  });
  allowOrigins(app, origins);
  refuseWhileClosing(app);
  return app;
}

function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    const refusal = refusalOfBytes(request.headers, bytes as Buffer);
    if (refusal !== null) return done(refusal);
    const body = bytes.toString();
    keepRawBody(request.raw, body);
    return void parseJson(request, body, done);
  });
  // Read and discarded: Apollo Server's CSRF prevention explains what is wrong with such a request.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null));
}

/**
 * Why a body cannot be read. Bytes that are no UTF-8 would be read as if the client had written
 * U+FFFD: two ids of orders could become one.
 */
function refusalOfBytes(headers: IncomingHttpHeaders, bytes: Buffer): FastifyError | null {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    return badBody(415, 'The body must not be compressed: send it without Content-Encoding.');
  const charset = /charset="?([^;"\s]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) return badBody(415, 'The body must be UTF-8.');
  return isUtf8(bytes) ? null : badBody(400, 'The body is not valid UTF-8.');
}

function badBody(statusCode: number, message: string): FastifyError {
  return Object.assign(new Error(message), { statusCode, code: 'BAD_BODY' });
}

function allowOrigins(app: FastifyInstance, origins: AllowedOrigins): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    void reply.header('vary', 'Origin');
    if (origin === undefined) return done();
    if (!origins.allows(origin)) {
      if (request.method !== 'OPTIONS') return done();
      return void refuse(reply, 403, UNKNOWN_ORIGIN);
    }
    void reply.header('access-control-allow-origin', origin);
    void reply.header('access-control-expose-headers', EXPOSED_HEADERS);
    if (request.method !== 'OPTIONS') return done();
    void reply
      .headers({
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': ALLOWED_HEADERS,
        'access-control-max-age': PREFLIGHT_AGE_S,
      })
      .code(204)
      .send();
  });
}

function refuse(reply: FastifyReply, status: number, message: string, code = 'BAD_REQUEST') {
  return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
}
