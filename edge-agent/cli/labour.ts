/** `stockhand labour`: who does what next, load against hands, and what if there were more people. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  LoadSummary,
  ShowPlanResponse,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { clockText } from '@stockhand/proto/vocabulary/zone-time.ts';
import { type AgentOptions, asPerson, withAgentOptions } from './agent-call.ts';
import { commandNamed, runCommand } from './data-folder.ts';
import { extraPerson } from './extra-person.ts';

interface Options extends AgentOptions {
  add: string[];
  json?: boolean;
}

function print(plan: ShowPlanResponse, timeZone: string): void {
  const clock = (time: Parameters<typeof timestampMs>[0] | undefined) =>
    time === undefined ? '' : clockText(timestampMs(time), timeZone);
  if (plan.plannedAt === undefined) {
    console.log('There is no plan yet: it is made seconds after the first person is at work.');
    return;
  }
  console.log(`Planned at ${clock(plan.plannedAt)}: ${plan.occasion}`);
  for (const { personName, stops } of plan.routes) {
    console.log(`\n${personName}`);
    if (stops.length === 0) console.log('  nothing to do');
    for (const { startsAt, endsAt, title, reason } of stops) {
      const why = reason === '' ? '' : `  (${reason})`;
      console.log(`  ${clock(startsAt)}-${clock(endsAt)}  ${title}${why}`);
    }
  }
  for (const { title, reason } of plan.unplanned) console.log(`\nNot planned: ${title}: ${reason}`);
  console.log('\nHour   hands   work');
  for (const { from, handsMinutes, loadMinutes } of plan.hours) {
    const minutes = [handsMinutes, loadMinutes].map((one) => `${one} min`.padStart(7));
    console.log(`${clock(from)} ${minutes.join(' ')}`);
  }
  if (plan.load) console.log(`\n${loadText(plan.load)}`);
  for (const sentence of plan.advice) console.log(sentence);
  if (plan.whatIf) console.log(`\n${plan.whatIf.sentence}`);
}

function loadText({ handsMinutes, loadMinutes, tasks, lateTasks }: LoadSummary): string {
  return `${tasks} open tasks, ${loadMinutes} min of work for ${handsMinutes} min of hands; ${lateTasks} late.`;
}

async function labour(options: Options): Promise<void> {
  await asPerson(options, async (client, timeZone) => {
    const whatIf = options.add.map((text) => extraPerson(text, Date.now(), timeZone));
    show(await client.showPlan({ whatIf }), timeZone, options);
  });
}

function show(plan: ShowPlanResponse, timeZone: string, { json }: Options): void {
  // Positions are 64-bit numbers, and far from their end.
  const plain = (_key: string, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value;
  if (json) console.log(JSON.stringify({ timeZone, ...plan, map: undefined }, plain));
  else print(plan, timeZone);
}

const collect = (one: string, before: string[]) => [...before, one];

const program = withAgentOptions(
  commandNamed('stockhand labour').description(
    'Who does what next, load against hands, and what if there were more people.',
  ),
)
  .option(
    '--add <from-until[/skills]>',
    'as if one more person worked then (the store’s clock)',
    collect,
    [],
  )
  .option('--json', 'the whole plan as one object')
  .addHelpText(
    'after',
    `
Examples:
  STOCKHAND_PIN=4711 stockhand labour --person lea
  STOCKHAND_PIN=1111 stockhand labour --person mira --data .stockhand/agent
  STOCKHAND_PIN=4711 stockhand labour --person lea --add 14:00-20:00 --add 16:00-20:00/cold

Times are those of the store's clock, wherever this machine stands.
`,
  )
  .action(labour);

await runCommand(() => program.parseAsync());
