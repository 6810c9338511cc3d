import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#shared/domain/clock.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import { credentialOfHeaders, freshUntil } from '../identity/credential.ts';
import { isCostOnly } from '../limits/cost-only.ts';
import type { NewDocuments } from '../limits/new-documents.ts';
import { noteOffense } from '../limits/note-offenses.ts';
import type { Offenses } from '../limits/offenses.ts';
import type { ClientOrigins } from './client-origins.ts';
import { rawBodyOf } from './raw-body.ts';
import { payloadOf } from './request-payload.ts';

/**
 * Makes the function that finds out who a request is from, and lets its document in.
 * It throws a GraphQLError to refuse the request.
 */
export function contextsOf(parts: {
  readonly authenticator: Authenticator;
  readonly documents: NewDocuments;
  readonly clients: ClientOrigins;
  readonly offenses: Offenses;
  readonly clock: Clock;
}): (request: FastifyRequest, reply: FastifyReply) => Promise<GatewayContext> {
  const { authenticator, documents, clients, offenses, clock } = parts;
  return async (request, reply) => {
    const requestId = randomUUID();
    const startedAtMs = performance.now();
    void reply.header('x-request-id', requestId);
    const origin = clients.of(request);
    const body = rawBodyOf(request.raw);
    const credential = credentialOfHeaders(request, origin.address, body);
    const viewer = await authenticator.authenticate(credential);
    if (viewer.kind !== 'anonymous') offenses.vouch(origin.address);
    const asked = payloadOf(request);
    const refusal = asked && (await documents.admit({ viewer, origin }, asked));
    if (refusal !== null) {
      noteOffense(offenses, { viewer, origin }, [refusal]);
      throw refusal;
    }
    return {
      viewer,
      origin,
      requestId,
      startedAtMs,
      freshUntilMs: freshUntil(credential, clock),
      isCostOnly: isCostOnly(request.headers),
    };
  };
}
