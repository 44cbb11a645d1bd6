/** Calls to the agent, with the session of whoever is signed in. */
import { ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { KioskService } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

export type KioskClient = ReturnType<typeof createClient<typeof KioskService>>;

/** @param baseUrl of the agent; the page's own origin in a browser */
export function kioskClient(baseUrl: string, token: () => string): KioskClient {
  const bearer: Interceptor = (next) => (request) => {
    if (token() !== '') request.header.set('authorization', `Bearer ${token()}`);
    return next(request);
  };
  const transport = createConnectTransport({ baseUrl, interceptors: [bearer] });
  return createClient(KioskService, transport);
}

/** The agent's stable reason of a failed call; empty when the agent was not reached. */
export function reasonOf(error: unknown): string {
  return ConnectError.from(error).metadata.get('stockhand-reason') ?? '';
}
