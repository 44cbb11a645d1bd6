/**
 * Calls to a running agent, as a person who may: it is the store's only writer, and it checks the role.
 * The PIN or badge comes from the environment, so that it is in no list of processes and no history.
 */
import { ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { KioskService } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Command } from 'commander';
import { readAddresses } from '../agent-addresses.ts';
import { UsageError } from './data-folder.ts';

export interface AgentOptions {
  agent?: string;
  data?: string;
  person?: string;
}

type Client = ReturnType<typeof createClient<typeof KioskService>>;

/** Where an agent with the standard ports is. */
const standardAddress = 'http://localhost:8080';

/** Adds --agent, --data and --person. */
export function withAgentOptions(command: Command): Command {
  return command
    .option('--agent <url>', `the agent’s kiosk address (${standardAddress})`)
    .option('--data <folder>', 'instead of --agent: its data folder, which knows the address')
    .option(
      '--person <name>',
      'who asks, by name or reference; the PIN is read from STOCKHAND_PIN',
    );
}

/** @throws UsageError where the data folder knows no address */
function addressOf({ agent, data }: AgentOptions): string {
  if (agent !== undefined && data !== undefined) {
    throw new UsageError('Give --agent or --data, not both.');
  }
  if (data === undefined) return agent ?? standardAddress;
  const addresses = readAddresses(data);
  if (addresses === null) {
    throw new UsageError(`${data} knows no agent. Start it, or name its address with --agent.`);
  }
  return `http://localhost:${addresses.kioskHttpPort}`;
}

/**
 * Signs in, makes the calls, and signs out. `use` gets the store's zone (IANA), too: people type and read
 * times by the store's clock.
 * @throws UsageError when nobody is named, or the agent says no
 */
export async function asPerson<T>(
  options: AgentOptions,
  use: (client: Client, timeZone: string) => Promise<T>,
): Promise<T> {
  const { person } = options;
  const agent = addressOf(options);
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
    const session = await client.signIn({ kioskId: `cli-${process.pid}`, credential });
    token = session.sessionToken;
    const answer = await use(client, session.timeZone);
    await client.signOut({});
    return answer;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${agent}: ${ConnectError.from(error).rawMessage}`, { cause: error });
  }
}
