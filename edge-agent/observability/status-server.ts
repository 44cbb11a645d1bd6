/** /metrics, /healthz and /readyz, on loopback. */
import { createServer } from 'node:http';
import type { Registry } from 'prom-client';

export interface StatusServerOptions {
  port: number;
  registry: Registry;
  /** Null when the agent can take inputs; otherwise why not. */
  notReady(): string | null;
}

export interface StatusServer {
  port: number;
  stop(): Promise<void>;
}

export async function startStatusServer(options: StatusServerOptions): Promise<StatusServer> {
  const server = createServer(async (request, response) => {
    const answer = (status: number, type: string, body: string) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(body);
    };
    switch (request.url?.split('?')[0]) {
      case '/metrics':
        return answer(200, options.registry.contentType, await options.registry.metrics());
      case '/healthz':
        return answer(200, 'text/plain', 'ok\n');
      case '/readyz': {
        const reason = options.notReady();
        return answer(reason === null ? 200 : 503, 'text/plain', `${reason ?? 'ready'}\n`);
      }
      default:
        return answer(404, 'text/plain', 'There are /metrics, /healthz and /readyz here.\n');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: address && typeof address === 'object' ? address.port : options.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
