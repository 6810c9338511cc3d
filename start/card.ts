import { DEMO_EMAIL } from '../prisma/account/demo-email.ts';
import type { StartEnvironment } from './environment.ts';

/** What the console shows when the desk is running: everything needed for a first query. */
export function renderCard(desk: {
  readonly origin: string;
  readonly seconds: string;
  readonly environment: StartEnvironment;
  readonly demoKey: string;
  readonly demoKeyFile: string;
  readonly demoPasswordFile: string;
}): string {
  const { origin, environment } = desk;
  return `
  Deskgraph is ready after ${desk.seconds} s.

    Explorer        ${origin}/graphql    Apollo Sandbox, in a browser
    GraphiQL        ${origin}/graphiql   the same without internet
    GraphQL         ${origin}/graphql
    Subscriptions   ${origin.replace('http', 'ws')}/graphql      graphql-transport-ws
    Feed            ${describeFeed(environment)}
    Demo trader     x-api-key: ${desk.demoKey}
                    as a header, or { "apiKey": … } in connection_init; kept in ${desk.demoKeyFile}
                    signIn: ${DEMO_EMAIL}, with the password in ${desk.demoPasswordFile}

  Ctrl-C stops everything; the data stays in ${environment.STATE_DIR}.
`;
}

function describeFeed(environment: StartEnvironment): string {
  if (environment.FEED === 'sim') return `sim: a simulated market, seed ${environment.SIM_SEED}`;
  if (!environment.FEED.startsWith('replay:')) return `${environment.FEED}, live`;
  const speed =
    environment.FEED_SPEED === 'max' ? 'as fast as possible' : `× ${environment.FEED_SPEED}`;
  return `${environment.FEED}, ${speed}${environment.FEED_LOOP ? ', in a loop' : ''}`;
}
