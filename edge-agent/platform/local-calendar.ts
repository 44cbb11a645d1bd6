/**
 * The store's wall clock: local hour, offset and business day of an instant. Worked out here at the
 * edge and written into each event, so that no reader of the log needs a zone database.
 */
import type { Moment } from '../input.ts';

export interface CalendarSettings {
  /** IANA zone, "Europe/Berlin". */
  timeZone: string;
  /** Minute of the local day at which the business day ends; what comes before it is still yesterday. */
  businessDayEndMinute: number;
}

/** Zones change their offset on quarter hours only, so one look-up serves a quarter. */
const quarterMs = 15 * 60_000;
const minuteMs = 60_000;

export class LocalCalendar {
  #settings: CalendarSettings;
  #format: Intl.DateTimeFormat;
  #quarter = -1;
  #offsetMinutes = 0;
  /** Hours and days change on whole minutes, so one answer serves a minute. */
  #minute = -1;
  #ofMinute: Omit<Moment, 'nowMs'> = { localHour: 0, utcOffsetMinutes: 0, businessDay: '' };

  /** @throws RangeError for a zone that does not exist. */
  constructor(settings: CalendarSettings) {
    this.#settings = settings;
    this.#format = calendarFormat(settings.timeZone);
  }

  /** New master data may move the store's day end or mend its zone. */
  change(settings: CalendarSettings): void {
    if (settings.timeZone !== this.#settings.timeZone) {
      this.#format = calendarFormat(settings.timeZone);
      this.#quarter = -1;
    }
    this.#settings = settings;
    this.#minute = -1;
  }

  moment(nowMs: number): Moment {
    const minute = Math.floor(nowMs / minuteMs);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#ofMinute = this.#momentAt(nowMs);
    }
    return { nowMs, ...this.#ofMinute };
  }

  #momentAt(nowMs: number): Omit<Moment, 'nowMs'> {
    const utcOffsetMinutes = this.#offsetAt(nowMs);
    const localMs = nowMs + utcOffsetMinutes * minuteMs;
    const businessMs = localMs - this.#settings.businessDayEndMinute * minuteMs;
    return {
      localHour: new Date(localMs).getUTCHours(),
      utcOffsetMinutes,
      businessDay: new Date(businessMs).toISOString().slice(0, 10),
    };
  }

  #offsetAt(nowMs: number): number {
    const quarter = Math.floor(nowMs / quarterMs);
    if (quarter !== this.#quarter) {
      this.#quarter = quarter;
      this.#offsetMinutes = offsetMinutes(this.#format, nowMs);
    }
    return this.#offsetMinutes;
  }
}

function calendarFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
}

/** "GMT+05:30" or "GMT" as minutes. */
function offsetMinutes(format: Intl.DateTimeFormat, atMs: number): number {
  const name = format.formatToParts(atMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(name);
  if (!match) throw new RangeError(`unexpected zone offset ${name}`);
  const [, sign, hours = '0', minutes = '0'] = match;
  const size = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -size : size;
}
