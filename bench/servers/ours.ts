import type { PassportKey } from '#shared/identity/passport.ts';
import { systemClock } from '#shared/domain/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createGatewayServer } from '../../gateway/server.ts';
import type { FixtureAddresses } from '../fixture/main.ts';
import { answerParent } from '../processes/answer-parent.ts';

const PASSPORT_KEY: PassportKey = { kid: 'gateway.1', secret: 'a secret that nobody checks here' };

/** Our gateway, as `main.ts` builds it, over the fixture's subgraphs. */
answerParent({
  listen: async (fixture: Pick<FixtureAddresses, 'origins'> & { supergraphPath: string }) => {
    const subgraph = (name: keyof FixtureAddresses['origins']) => ({
      url: fixture.origins[name],
      passportKey: PASSPORT_KEY,
    });
    const gateway = await createGatewayServer({
      subgraphs: {
        account: subgraph('account'),
        'market-data': subgraph('market-data'),
        order: subgraph('order'),
      },
      supergraphPath: fixture.supergraphPath,
      anonymousScopes: ['market:read', 'account:read', 'trade:read'],
      allowedOrigins: [],
      explorer: false,
      introspection: false,
      clock: systemClock,
      logger: createLogger({ unit: 'gateway', level: 'warn' }),
    });
    return Number(new URL(await gateway.listen({ host: '127.0.0.1', port: 0 })).port);
  },
});
