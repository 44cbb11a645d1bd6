/** The store's time as the core sees it: agent time on the store's calendar, with every held jump told. */
import type { Moment } from '../input.ts';
import type { Clock, Log } from '../ports.ts';
import { AgentTime, type HeldJump } from './agent-time.ts';
import { type CalendarSettings, LocalCalendar } from './local-calendar.ts';

export interface StoreTimeOptions {
  clock: Clock;
  logger: Log;
  /** Until master data says otherwise. */
  timeZone: string;
}

export class StoreTime {
  readonly #options: StoreTimeOptions;
  readonly #calendar: LocalCalendar;
  #agentTime: AgentTime;
  #told: HeldJump | null = null;

  constructor(options: StoreTimeOptions) {
    const { clock, timeZone } = options;
    this.#options = options;
    this.#calendar = new LocalCalendar({ timeZone, businessDayEndMinute: 0 });
    this.#agentTime = new AgentTime(clock, 0);
  }

  /** The jump of the wall clock that is not taken over, or null. */
  get held(): HeldJump | null {
    return this.#agentTime.held;
  }

  /** Goes on from the last event of the log. */
  continueFrom(lastRecordedAtMs: number): void {
    this.#agentTime = new AgentTime(this.#options.clock, lastRecordedAtMs);
  }

  /** Master data says where the store is and when its day ends; without a zone nothing changes. */
  follow(store: CalendarSettings): void {
    if (store.timeZone !== '') this.#calendar.change(store);
  }

  moment(): Moment {
    const nowMs = this.#agentTime.nowMs();
    const held = this.#agentTime.held;
    if ((held === null) !== (this.#told === null)) this.#tell(held);
    return this.#calendar.moment(nowMs);
  }

  #tell(held: HeldJump | null): void {
    this.#told = held;
    const { logger } = this.#options;
    if (held === null) {
      logger.info({}, 'clock-in-step');
      return;
    }
    const advice = 'if the machine’s clock is right, restart the agent; else set the clock';
    logger.warn({ agentTimeMs: held.agentMs, wallClockMs: held.wallMs, advice }, 'clock-jump-held');
  }
}
