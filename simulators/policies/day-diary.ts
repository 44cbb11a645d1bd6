/** What the agent's core decided on each virtual day, and why, for the story of the days. */
import type { StoreEvent } from '@stockhand/edge-agent/events/event.ts';
import { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { dayIndexOf } from '../kernel/day-clock.ts';

const reasonWords: Readonly<Partial<Record<NeedReason, string>>> = {
  [NeedReason.LIKELY_EMPTY_SOON]: 'before they would run empty',
  [NeedReason.BELOW_REORDER_POINT]: 'at their reorder point',
  [NeedReason.BELOW_PRESENTATION_MINIMUM]: 'below what must be seen',
  [NeedReason.EMPTY]: 'empty',
  [NeedReason.REPORTED_BY_STAFF]: 'reported empty',
};

const taskWords: Readonly<Partial<Record<TaskType, string>>> = {
  [TaskType.COUNT]: 'counts',
  [TaskType.LOOK]: 'looks',
  [TaskType.RECEIVE]: 'lines received',
  [TaskType.PUT_AWAY]: 'put-aways',
  [TaskType.COLLECT_PICK]: 'customers’ lines picked',
  [TaskType.MOVE]: 'moves',
};

interface Page {
  needs: Map<NeedReason, number>;
  withdrawn: number;
  tasks: Map<TaskType, number>;
  /** Of the most urgent need. */
  urgency: number;
  why: string;
  others: string[];
}

const emptyPage = (): Page => ({
  needs: new Map(),
  withdrawn: 0,
  tasks: new Map(),
  urgency: -1,
  why: '',
  others: [],
});

export class DayDiary {
  readonly #pages = new Map<number, Page>();
  readonly #nameOf: (gtin: string) => string;

  constructor(nameOf: (gtin: string) => string) {
    this.#nameOf = nameOf;
  }

  note({ payload, recordedAtMs }: StoreEvent): void {
    const day = dayIndexOf(recordedAtMs);
    const page = this.#pages.get(day) ?? emptyPage();
    this.#pages.set(day, page);
    switch (payload.case) {
      case 'needArose': {
        const { reason, urgencyPpm, explanation, gtin } = payload.value;
        page.needs.set(reason, (page.needs.get(reason) ?? 0) + 1);
        if (urgencyPpm <= page.urgency) return;
        page.urgency = urgencyPpm;
        page.why = `${this.#nameOf(gtin)}: ${explanation}`;
        return;
      }
      case 'needWithdrawn':
        page.withdrawn += 1;
        return;
      case 'taskCreated': {
        const { type } = payload.value;
        page.tasks.set(type, (page.tasks.get(type) ?? 0) + 1);
        return;
      }
      case 'orderProposed':
        page.others.push(`order proposed: ${payload.value.explanation}`);
        return;
      case 'promotionAnnounced':
        page.others.push(`told of a promotion of ${payload.value.gtins.length} products`);
        return;
      default:
        return;
    }
  }

  /** @param day 0 for the first. */
  linesOf(day: number): string[] {
    const page = this.#pages.get(day);
    if (page === undefined) return [];
    const { needs, withdrawn, tasks, why, others } = page;
    const raised = [...needs.values()].reduce((sum, count) => sum + count, 0);
    const reasons = listed(needs, reasonWords);
    const lines: string[] = [];
    if (raised > 0) {
      const gone = withdrawn > 0 ? `, ${withdrawn} withdrawn again` : '';
      lines.push(`${raised} slots to refill (${reasons})${gone}`);
      lines.push(`most urgent: ${why}`);
    }
    const other = listed(tasks, taskWords);
    if (other !== '') lines.push(`also asked for: ${other}`);
    const [first] = others;
    if (first !== undefined)
      lines.push(others.length === 1 ? first : `${others.length} times ${first}`);
    return lines;
  }
}

function listed<Key>(
  counts: ReadonlyMap<Key, number>,
  words: Readonly<Partial<Record<Key & PropertyKey, string>>>,
): string {
  const known: Readonly<Record<PropertyKey, string | undefined>> = words;
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .flatMap(([key, count]) => {
      const word = known[String(key)];
      return word === undefined ? [] : [`${count} ${word}`];
    })
    .join(', ');
}
