import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Registry } from 'prom-client';
import type { Logger } from '#shared/logging/logger.ts';
import { listeningOrigin } from './listening-origin.ts';

/** The server of the metrics. */
export interface MetricsServer {
  /** `http://127.0.0.1:9464` */
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Serves `/metrics` and nothing else on a port of its own. The public port never has it: a proxy in
 * front of that port passes on any path, and load is nobody else's business.
 * @param read all metrics in Prometheus' text format
 */
export async function serveMetrics(options: {
  readonly address: { readonly host: string; readonly port: number };
  readonly read: () => Promise<string>;
  readonly logger: Logger;
}): Promise<MetricsServer> {
  const answer = async ({ method, url }: IncomingMessage, response: ServerResponse) => {
    if (method !== 'GET' || url !== '/metrics') return response.writeHead(404).end();
    try {
      const text = await options.read();
      return response
        .writeHead(200, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE })
        .end(text);
    } catch (cause) {
      options.logger.warn({ err: cause }, 'could not read metrics');
      return response.writeHead(503).end();
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  const { host, port } = options.address;
  server.listen({ host, port, exclusive: true });
  await once(server, 'listening');
  return {
    origin: listeningOrigin(server),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
