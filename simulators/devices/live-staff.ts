/**
 * Virtual staff beside a live agent: the people of `store/staff.ts`, whose kiosk is the real one. What
 * they place is placed in the true store, so the plates grow heavier and the loop is closed.
 */
import type { Agenda } from '../kernel/agenda.ts';
import { type Kiosk, type RefillTask, Staff, type StaffEffort } from '../store/staff.ts';
import type { StorePlan } from '../store/store-plan.ts';
import type { TrueStock } from '../store/true-stock.ts';
import { KioskPerson, type StaffMember } from './kiosk-person.ts';

export interface LiveStaffOptions {
  plan: StorePlan;
  stock: TrueStock;
  agenda: Agenda;
  /** Where the agent serves kiosks. */
  kioskUrl: string;
  members: readonly StaffMember[];
}

export class LiveStaff {
  readonly #people: readonly KioskPerson[];
  readonly #staff: Staff;

  constructor({ plan, stock, agenda, kioskUrl, members }: LiveStaffOptions) {
    this.#people = members.map((member) => new KioskPerson(kioskUrl, member));
    const personOf = new Map(this.#people.map((person) => [person.member.personRef, person]));
    const colleague = (personRef: string): KioskPerson => {
      const person = personOf.get(personRef);
      if (!person) throw new RangeError(`no virtual person ${personRef}`);
      return person;
    };
    const kiosk: Kiosk = {
      nextRefill: (personRef) => colleague(personRef).nextRefill(),
      claim: (personRef, task, answer) => void colleague(personRef).claim(task).then(answer),
      start: (personRef, task, answer) => void colleague(personRef).begin(task).then(answer),
      complete: (personRef, task: RefillTask, placedPieces, scan, answer) =>
        void colleague(personRef).complete(task, placedPieces, scan).then(answer),
    };
    const people = members.map(({ personRef }) => personRef);
    // The demo store never closes.
    this.#staff = new Staff({ plan, stock, agenda, kiosk, people, isOnShift: () => true });
  }

  get effort(): Readonly<StaffEffort> {
    return this.#staff.effort;
  }

  start(): void {
    for (const person of this.#people) person.start();
    this.#staff.start();
  }

  stop(): void {
    for (const person of this.#people) person.stop();
  }
}
