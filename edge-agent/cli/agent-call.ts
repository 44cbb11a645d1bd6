/**
 * Calls to a running agent, as a person who may: it is the store's only writer, and it checks the role.
 * The PIN or badge comes from the environment, so that it is in no list of processes and no history.
 */
import { ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { KioskService } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Command } from 'commander';
import { UsageError } from './data-folder.ts';

export interface AgentOptions {
  agent: string;
  person?: string;
}

type Client = ReturnType<typeof createClient<typeof KioskService>>;

/** Adds --agent and --person. */
export function withAgentOptions(command: Command): Command {
  return command
    .option('--agent <url>', 'the agent’s kiosk address', 'http://localhost:8080')
    .option('--person <reference>', 'who asks; the PIN is read from STOCKHAND_PIN');
}

/**
 * Signs in, makes the calls, and signs out.
 * @throws UsageError when nobody is named, or the agent says no
 */
export async function asPerson<T>(
  { agent, person }: AgentOptions,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const { STOCKHAND_PIN: pin, STOCKHAND_BADGE: badge } = process.env;
  if (!badge && !(person && pin)) {
    throw new UsageError(
      'Who asks? Name --person and put the PIN into STOCKHAND_PIN, or a badge into STOCKHAND_BADGE.',
    );
  }
  let token = '';
  const bearer: Interceptor = (next) => (request) => {
    if (token !== '') request.header.set('authorization', `Bearer ${token}`);
    return next(request);
  };
  const client = createClient(
    KioskService,
    createConnectTransport({ baseUrl: agent, httpVersion: '1.1', interceptors: [bearer] }),
  );
  try {
    const credential = badge
      ? ({ case: 'badge', value: badge } as const)
      : ({ case: 'pin', value: { personRef: person ?? '', pin: pin ?? '' } } as const);
    token = (await client.signIn({ kioskId: `cli-${process.pid}`, credential })).sessionToken;
    const answer = await use(client);
    await client.signOut({});
    return answer;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${agent}: ${ConnectError.from(error).rawMessage}`, { cause: error });
  }
}
