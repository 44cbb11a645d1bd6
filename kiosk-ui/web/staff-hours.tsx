import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  PersonAtWork,
  ShowPlanResponse,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useState } from 'react';
import { labourWords } from '../strings/labour-words.ts';
import {
  endedNow,
  type ShiftSpan,
  shiftOf,
  spanOf,
  timeFieldText,
  usualEnd,
} from '../view-models/shift-change.ts';
import { clockTime, storeTimeZone } from './clock-time.ts';
import type { FreshPlan } from './use-plan.ts';
import { TimeField } from './what-if-form.tsx';

const words = labourWords.people;

interface StaffHoursProps {
  plan: FreshPlan;
  list: ShowPlanResponse;
}

/** Who is here until when; a touch on a name changes the hours. */
export function StaffHours({ plan, list }: StaffHoursProps) {
  const { nowMs } = plan;
  const [openRef, setOpenRef] = useState('');
  const [isDone, setDone] = useState(false);
  const open = list.staff.find(({ personRef }) => personRef === openRef);
  const change = async (span: ShiftSpan, reason: string) => {
    const before = list.shifts.find(({ personRef }) => personRef === openRef);
    const shift = shiftOf(openRef, span, before);
    setOpenRef('');
    setDone(await plan.decide({ case: 'changeShift', value: { shift, reason } }));
  };
  return (
    <section className="staff-hours">
      <h2>{words.title}</h2>
      {isDone && <output className="answer">{words.done}</output>}
      {open ? (
        <HoursForm
          key={open.personRef}
          person={open}
          list={list}
          nowMs={nowMs}
          change={change}
          cancel={() => setOpenRef('')}
        />
      ) : (
        <ul>
          {list.staff.map((person) => (
            <li key={person.personRef}>
              <button type="button" onClick={() => setOpenRef(person.personRef)}>
                <b>{person.personName}</b>
                <span>{hoursText(person, nowMs)}</span>
                {person.isSignedIn && <em>{words.here}</em>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function hoursText({ worksFrom, worksUntil }: PersonAtWork, nowMs: number): string {
  if (!worksFrom || !worksUntil) return words.none;
  return words.span(clockTime(worksFrom, nowMs), clockTime(worksUntil, nowMs));
}

interface HoursFormProps {
  person: PersonAtWork;
  list: ShowPlanResponse;
  nowMs: number;
  change(span: ShiftSpan, reason: string): void;
  cancel(): void;
}

function HoursForm({ person, list, nowMs, change, cancel }: HoursFormProps) {
  const shift = list.shifts.find(({ personRef }) => personRef === person.personRef);
  const startMs = shift?.startsAt ? timestampMs(shift.startsAt) : nowMs;
  const end = person.worksUntil ?? list.closesAt;
  const endMs = usualEnd(startMs, end ? timestampMs(end) : nowMs);
  const [from, setFrom] = useState(() => timeFieldText(startMs, storeTimeZone()));
  const [until, setUntil] = useState(() => timeFieldText(endMs, storeTimeZone()));
  const span = spanOf(from, until, nowMs, storeTimeZone());
  const isAtWork = person.worksFrom !== undefined;
  return (
    <div className="hours-form">
      <h3>{words.of(person.personName)}</h3>
      {isAtWork && (
        <fieldset className="reasons">
          <legend>{words.gone}</legend>
          {words.reasonsGone.map((reason) => (
            <button
              type="button"
              key={reason}
              onClick={() => change(endedNow(shift, nowMs), reason)}
            >
              {reason}
            </button>
          ))}
        </fieldset>
      )}
      <fieldset className="reasons">
        <legend>{words.hours}</legend>
        <div className="what-if-fields">
          <TimeField label={labourWords.whatIf.from} value={from} change={setFrom} />
          <TimeField label={labourWords.whatIf.until} value={until} change={setUntil} />
        </div>
        {!span && <p className="why">{words.bad}</p>}
        {words.reasonsHours.map((reason) => (
          <button
            type="button"
            key={reason}
            disabled={!span}
            onClick={() => span && change(span, reason)}
          >
            {reason}
          </button>
        ))}
      </fieldset>
      <button type="button" onClick={cancel}>
        {words.cancel}
      </button>
    </div>
  );
}
