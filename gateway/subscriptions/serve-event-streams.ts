import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Clock } from '#shared/domain/clock.ts';
import {
  DomainError,
  DomainErrorCode,
  rateLimited,
  unavailable,
} from '#shared/graphql/domain-error.ts';
import { maskToGraphQLError } from '#shared/graphql/format-error.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import { accepts } from '../http/accepted-types.ts';
import type { AllowedOrigins } from '../http/allowed-origins.ts';
import type { ClientOrigins } from '../http/client-origins.ts';
import { rawBodyOf } from '../http/raw-body.ts';
import { payloadOf } from '../http/request-payload.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import type { CredentialWatch } from '../identity/credential-watch.ts';
import { credentialOfHeaders, freshUntil } from '../identity/credential.ts';
import type { Identity } from '../identity/identity.ts';
import { isCostOnly } from '../limits/cost-only.ts';
import { placeKeyOf, type socketPlaces } from './connection-limits.ts';
import { EventStream, NEXT_EVENT } from './event-stream.ts';
import type { FlushSchedule } from './writing/flush-schedule.ts';
import type { KindOfOperation, SubscriptionPreparer } from './prepare-subscription.ts';
import {
  errorsOf,
  type OperationClient,
  type OperationRunner,
  runOperation,
} from './run-operation.ts';
import { Sweep } from './writing/sweep.ts';
import { waitUntil } from './wait-until.ts';
import { whenAnswered } from './when-answered.ts';

const MEDIA_TYPE = 'text/event-stream';
/** A request that accepts one of these is answered over plain HTTP if possible. */
const ANSWER_TYPES = [
  ...['application/graphql-response+json', 'application/json'],
  ...['application/*', '*/*'],
];
/**
 * If another answer is accepted too, a text that is longer is not read to see whether it is a subscription: that is
 * counted to nobody, before anyone knows who asks, and takes almost 20 ms of the longest body.
 */
const MOST_CHARACTERS_READ = 10_000;
const CLOSE_LIMIT_MS = 2000;

/** What event streams need from the rest of the gateway. */
export interface EventStreamOptions extends OperationRunner {
  readonly app: FastifyInstance;
  readonly path: string;
  readonly origins: AllowedOrigins;
  readonly clients: ClientOrigins;
  readonly authenticator: Authenticator;
  readonly watch: CredentialWatch;
  readonly places: ReturnType<typeof socketPlaces>;
  readonly schedule: FlushSchedule;
  readonly clock: Clock;
}

/** The event streams of a running gateway. */
export interface EventStreams {
  /** How many are open. */
  readonly count: number;
  /** Completes those of queries and mutations, and breaks the others off. */
  stop(): Promise<void>;
}

/** An operation that can run, and a function that gives its place back. */
interface Admission {
  readonly identity: Identity;
  readonly origin: ClientOrigin;
  readonly payload: SubscribePayload;
  /** How it is to be run. */
  readonly terms: Pick<OperationClient, 'freshUntilMs' | 'isCostOnly'>;
  readonly release: () => void;
}

/**
 * Serves the GETs and POSTs of the endpoint that accept an event stream, before the endpoint's own
 * route is registered: all of them if they accept nothing else, otherwise subscriptions alone. An
 * error of the request is answered as over plain HTTP; an error of the operation is an event, as in
 * `graphql-sse`.
 */
export function serveEventStreams(options: EventStreamOptions): EventStreams {
  const { app, path, preparer, watch, schedule, clock, report } = options;
  const streams = new Set<EventStream>();
  const sweep = new Sweep(clock);
  let isStopping = false;
  // A hook, because the endpoint's route belongs to Apollo Server.
  app.addHook('preHandler', (request, reply, done) => {
    if (request.routeOptions.url !== path || !wantsEventStream(request, preparer)) return done();
    open(request, reply).then(() => done(), done);
  });
  async function open(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const requestId = randomUUID();
    void reply.header('x-request-id', requestId);
    let admission: Admission;
    try {
      if (isStopping) throw shuttingDown();
      admission = await admit(options, request);
      if (isStopping) {
        admission.release();
        throw shuttingDown(); // what began now would never be ended
      }
    } catch (cause) {
      return sendRefusal(reply, maskToGraphQLError(cause, report), requestId);
    }
    if (reply.raw.destroyed) return admission.release(); // the client has left meanwhile
    const stream = begin(reply, admission, schedule);
    streams.add(stream);
    const leaves = [watch.add(stream), sweep.add(stream), admission.release];
    reply.raw.once('close', () => {
      streams.delete(stream);
      for (const leave of leaves) leave();
    });
    return run(options, stream, admission);
  }
  return {
    get count() {
      return streams.size;
    },
    stop: async () => {
      isStopping = true;
      await whenAnswered([...streams], (stream) => stream.breakOff());
      await waitUntil(() => streams.size === 0, CLOSE_LIMIT_MS);
      for (const stream of streams) stream.terminate();
      sweep.stop();
    },
  };
}

function wantsEventStream(request: FastifyRequest, preparer: SubscriptionPreparer): boolean {
  const { method, headers } = request;
  if (method !== 'GET' && method !== 'POST') return false;
  const { accept = '' } = headers;
  if (!accepts(accept, [MEDIA_TYPE])) return false;
  if (!accepts(accept, ANSWER_TYPES)) return true;
  const payload = payloadOf(request);
  // Most say at once that they are none: what runs them reads them, and does so once.
  if (payload === null || !payload.query.includes('subscription')) return false;
  if (payload.query.length > MOST_CHARACTERS_READ) return false;
  return preparer.kindOf(payload) === 'subscription';
}

/** @throws DomainError if the request cannot become a stream; its extensions name the status */
async function admit(
  { origins, clients, authenticator, offenses, preparer, places, clock }: EventStreamOptions,
  request: FastifyRequest,
): Promise<Admission> {
  const { headers, method } = request;
  const origin = clients.of(request);
  // Without an origin it is not a browser; our credentials are never cookies.
  if (headers.origin !== undefined && !origins.allows(headers.origin))
    throw refusal(403, 'FORBIDDEN', 'Pages from this origin cannot open streams.');
  const payload = payloadOf(request);
  if (payload === null)
    throw refusal(400, 'BAD_USER_INPUT', 'The request contains no well-formed operation.');
  const credential = credentialOfHeaders(request, origin.address, rawBodyOf(request.raw));
  const viewer = await authenticator.authenticate(credential);
  if (viewer.kind !== 'anonymous') offenses.vouch(origin.address);
  if (method === 'GET') mustBeSafe(preparer.kindOf(payload));
  const release = takePlaces(places, placeKeyOf(viewer), origin.address);
  if (release === null)
    throw rateLimited('Too many streams are open: close some of them.', { http: { status: 429 } });
  const terms = {
    freshUntilMs: freshUntil(credential, clock),
    isCostOnly: isCostOnly(headers),
  };
  return { identity: { credential, viewer }, origin, payload, terms, release };
}

/**
 * A GET is repeated and logged on its way.
 * @throws DomainError unless it is known to change nothing
 */
function mustBeSafe(kind: KindOfOperation): void {
  if (kind === 'mutation') throw refusal(405, 'BAD_USER_INPUT', 'Mutations require POST.');
  if (kind === 'none')
    throw refusal(400, 'BAD_USER_INPUT', 'The document holds no single operation of this name.');
}

function takePlaces(
  { perAddress, eventStreamsPerViewer }: EventStreamOptions['places'],
  viewerKey: string | null,
  address: string,
): (() => void) | null {
  const leave = perAddress.take(networkOf(address));
  if (leave === null || viewerKey === null) return leave;
  const leaveViewer = eventStreamsPerViewer.take(viewerKey);
  if (leaveViewer === null) {
    leave();
    return null;
  }
  return () => {
    leave();
    leaveViewer();
  };
}

function begin(reply: FastifyReply, { identity }: Admission, schedule: FlushSchedule): EventStream {
  reply.hijack();
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': `${MEDIA_TYPE}; charset=utf-8`,
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no', // nginx would hold events back
  });
  return new EventStream(reply.raw, identity, schedule);
}

async function run(
  options: EventStreamOptions,
  stream: EventStream,
  { identity: { viewer }, origin, payload, terms }: Admission,
): Promise<void> {
  const client = { viewer, origin, ...terms, sink: stream, prefix: NEXT_EVENT };
  const outcome = await runOperation(options, client, payload);
  switch (outcome.kind) {
    case 'refused':
      return stream.complete({ errors: outcome.errors.map((error) => error.toJSON()) });
    case 'answer':
      return stream.complete(outcome.result);
    case 'stream':
      return stream.follow(outcome.iterator, (failure) => errorsOf(failure, options.report));
  }
}

function shuttingDown(): DomainError {
  const message = 'The server is shutting down. Connect again.';
  return unavailable('NOT_APPLIED', message, { http: { status: 503 } });
}

function refusal(status: number, code: DomainErrorCode, message: string): DomainError {
  return new DomainError(DomainErrorCode[code], message, { http: { status } });
}

function sendRefusal(reply: FastifyReply, error: GraphQLError, requestId: string): FastifyReply {
  const { http, ...extensions } = error.extensions as { readonly http?: { status?: number } };
  return reply.code(http?.status ?? 500).send({
    errors: [{ message: error.message, extensions: { ...extensions, requestId } }],
  });
}
