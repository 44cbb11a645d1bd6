/** Wording of the plan: whose route, in which order, and why. */
import { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import type { Standing } from '../view-models/route-list.ts';

export const planWords = {
  open: 'Plan',
  title: 'Plan',
  back: 'Back to the board',
  none: 'There is no plan yet: nobody is at work.',
  idle: 'Nothing to do now.',
  people: 'Whose route',
  mine: (name: string) => `${name} (you)`,
  madeAt: (time: string, occasion: string) =>
    occasion === '' ? `Planned at ${time}` : `Planned at ${time}: ${occasion}`,
  due: (time: string) => `due ${time}`,
  late: (minutes: number) => `${minutes} min late`,
  changed: (reason: string) => `Changed: ${reason}`,
  standing: {
    'in-hand': 'In hand now',
    paused: 'Paused, goes on later',
    first: 'Put first by a lead',
    last: 'Put last by a lead',
    hard: 'Must be done by then',
    planned: '',
  } satisfies Record<Standing, string>,
  unplanned: (count: number) => `Not planned (${count})`,
  notDone: 'Not planned',
  map: (name: string, stops: number) =>
    `Store map with the route of ${name}: ${stops === 1 ? '1 stop' : `${stops} stops`}, as in the list`,
  walkMap: 'Store map: where to walk. Places as in the text.',
  noMap: 'The store has no map. HQ sends it with master data.',
  areas: { floor: 'Sales floor', back: 'Backroom' },
  stops: (count: number) => `and ${count} more`,
  drag: (title: string) => `Drag ${title}, or use the arrow keys`,
  steps: {
    up: (title: string) => `Sooner: ${title}`,
    down: (title: string) => `Later: ${title}`,
  },
  dropHint: { up: 'Let go: sooner', down: 'Let go: later', none: 'Up or down' },
  ask: {
    [Priority.UNSPECIFIED]: (title: string) => title,
    [Priority.FIRST]: (title: string) => `${title}: before all others. Why?`,
    [Priority.AS_RECKONED]: (title: string) => `${title}: back where the plan had it. Why?`,
    [Priority.LAST]: (title: string) => `${title}: behind all others. Why?`,
  } satisfies Record<Priority, (title: string) => string>,
  reasons: {
    [Priority.UNSPECIFIED]: [],
    [Priority.FIRST]: ['Customers ask for it', 'Promotion', 'It gets too warm'],
    [Priority.AS_RECKONED]: ['Not needed any more', 'It was a mistake'],
    [Priority.LAST]: ['It can wait', 'The way is blocked', 'Goods are not here'],
  } satisfies Record<Priority, readonly string[]>,
  ownReason: 'Another reason',
  send: 'Do it',
  cancel: 'Not now',
  taken: 'Done. The plan follows in a moment.',
  onlyLeads: 'A lead can change the order.',
} as const;
