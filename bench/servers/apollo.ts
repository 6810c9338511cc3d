import { readFileSync } from 'node:fs';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { answerParent } from '../processes/answer-parent.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

/** Apollo's gateway as its manual shows it. */
answerParent({
  listen: async ({ supergraphPath }: { readonly supergraphPath: string }) => {
    const gateway = new ApolloGateway({ supergraphSdl: readFileSync(supergraphPath, 'utf8') });
    const server = new ApolloServer({ gateway, persistedQueries: false, introspection: false });
    const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
    return Number(new URL(url).port);
  },
});
