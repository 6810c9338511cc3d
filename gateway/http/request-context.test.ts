import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import type { Clock } from '#shared/domain/clock.ts';
import { STRANGER, userNamed } from '../fixtures/viewers.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import { NewDocuments } from '../limits/new-documents.ts';
import { Offenses } from '../limits/offenses.ts';
import { PlanningTime } from '../limits/planning-time.ts';
import { ClientOrigins } from './client-origins.ts';
import { contextsOf } from './request-context.ts';

const ANNA = userNamed('anna');
const ADDRESS = '192.0.2.1';
const clock: Clock = { now: () => 0 };

it.each([
  ['a user', ANNA, 'user:anna', 0],
  ['a stranger, as an invalid one', STRANGER, `address:${ADDRESS}`, 1],
])(
  'a new document beyond its time is refused before it is read, of %s',
  async (_who, viewer, principal, noted) => {
    const planning = new PlanningTime(clock);
    const offenses = new Offenses(clock, 0);
    const contextOf = contextsOf({
      authenticator: { authenticate: () => Promise.resolve(viewer) } as unknown as Authenticator,
      documents: new NewDocuments(planning, ({ query }) => query === '{ known }'),
      clients: new ClientOrigins([]),
      offenses,
      clock,
    });
    const raw = { headers: {}, socket: { remoteAddress: ADDRESS } };
    const ask = (query: string) => {
      const request = { ...raw, raw, method: 'POST', body: { query } };
      const reply = { header: () => undefined };
      return contextOf(request as unknown as FastifyRequest, reply as unknown as FastifyReply);
    };
    expect(await ask('{ new }')).toMatchObject({ viewer, origin: { address: ADDRESS } });
    planning.count(principal, 5001);
    await expect(ask('{ new }')).rejects.toMatchObject({
      extensions: { reason: 'TOO_MUCH_PLANNED', http: { status: 429 } },
    });
    expect(await ask('{ known }')).toMatchObject({ viewer });
    expect(offenses.barredForMs(ADDRESS) > 0).toBe(noted > 0);
  },
);
