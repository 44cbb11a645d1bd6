import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  LoadSummary,
  ShowPlanResponse,
  WhatIf,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { type FormEvent, useState } from 'react';
import { reasonOf } from '../api-client/kiosk-client.ts';
import { labourWords } from '../strings/labour-words.ts';
import { spanOf, timeFieldText, usualEnd } from '../view-models/shift-change.ts';
import { storeTimeZone } from './clock-time.ts';
import { type Kiosk, refusalText } from './use-kiosk.ts';

const words = labourWords.whatIf;
const peopleMost = 5;

interface WhatIfFormProps {
  kiosk: Kiosk;
  list: ShowPlanResponse;
  nowMs: number;
}

/** Before and after, if so many more people worked from then till then; nothing else happens. */
export function WhatIfForm({ kiosk, list, nowMs }: WhatIfFormProps) {
  const [people, setPeople] = useState(1);
  const [{ fromMs, untilMs }] = useState(() => usualSpan(list, nowMs));
  const [from, setFrom] = useState(timeFieldText(fromMs, storeTimeZone()));
  const [until, setUntil] = useState(timeFieldText(untilMs, storeTimeZone()));
  const [skills, setSkills] = useState<readonly string[]>([]);
  const [answer, setAnswer] = useState<{ whatIf: WhatIf; people: number }>();
  const [isAsking, setAsking] = useState(false);
  const known = [...new Set(list.staff.flatMap((one) => one.skills))].sort();
  const span = spanOf(from, until, nowMs, storeTimeZone());
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    if (!span) return;
    setAsking(true);
    const hands = {
      from: timestampFromMs(span.fromMs),
      until: timestampFromMs(span.untilMs),
      skills: [...skills],
    };
    try {
      const { whatIf } = await kiosk.client.showPlan({ whatIf: Array(people).fill(hands) });
      if (whatIf) setAnswer({ whatIf, people });
    } catch (error) {
      kiosk.setNotice(refusalText(reasonOf(error)));
    }
    setAsking(false);
  };
  const toggle = (skill: string) =>
    setSkills(skills.includes(skill) ? skills.filter((one) => one !== skill) : [...skills, skill]);
  return (
    <form className="what-if" onSubmit={ask}>
      <h2>{words.title}</h2>
      <div className="what-if-fields">
        <fieldset className="people-count">
          <legend>{words.people}</legend>
          <button
            type="button"
            aria-label={labourWords.less}
            disabled={people === 1}
            onClick={() => setPeople(people - 1)}
          >
            −
          </button>
          <output>{people}</output>
          <button
            type="button"
            aria-label={labourWords.more}
            disabled={people === peopleMost}
            onClick={() => setPeople(people + 1)}
          >
            +
          </button>
        </fieldset>
        <TimeField label={words.from} value={from} change={setFrom} />
        <TimeField label={words.until} value={until} change={setUntil} />
      </div>
      {known.length > 0 && (
        <fieldset className="skills">
          <legend>{words.skills}</legend>
          {known.map((skill) => (
            <button
              key={skill}
              type="button"
              aria-pressed={skills.includes(skill)}
              onClick={() => toggle(skill)}
            >
              {skill}
            </button>
          ))}
        </fieldset>
      )}
      {!span && <p className="why">{words.bad}</p>}
      <button type="submit" className="primary" disabled={!span || isAsking}>
        {isAsking ? words.asking : words.ask}
      </button>
      {answer?.whatIf.now && answer.whatIf.then && (
        <Comparison now={answer.whatIf.now} more={answer.whatIf.then} people={answer.people} />
      )}
      {answer && (
        <p className="why" aria-live="polite">
          {answer.whatIf.sentence}
        </p>
      )}
    </form>
  );
}

const quarterMs = 15 * 60_000;

/** From the next quarter of an hour until closing, a shift at most. */
function usualSpan({ closesAt }: ShowPlanResponse, nowMs: number) {
  const fromMs = Math.ceil(nowMs / quarterMs) * quarterMs;
  return { fromMs, untilMs: usualEnd(fromMs, closesAt ? timestampMs(closesAt) : nowMs) };
}

interface TimeFieldProps {
  label: string;
  value: string;
  change(value: string): void;
}

export function TimeField({ label, value, change }: TimeFieldProps) {
  return (
    <label className="time-field">
      <span>{label}</span>
      <input type="time" value={value} onChange={(event) => change(event.target.value)} />
    </label>
  );
}

interface ComparisonProps {
  now: LoadSummary;
  more: LoadSummary;
  people: number;
}

function Comparison({ now, more, people }: ComparisonProps) {
  const { facts, hours } = labourWords;
  const rows: [string, string, string, boolean][] = [
    [facts.late, `${now.lateTasks}`, `${more.lateTasks}`, more.lateTasks < now.lateTasks],
    [
      facts.undone,
      `${now.unplannedTasks}`,
      `${more.unplannedTasks}`,
      more.unplannedTasks < now.unplannedTasks,
    ],
    [facts.load, hours(now.loadMinutes), hours(more.loadMinutes), false],
    [facts.hands, hours(now.handsMinutes), hours(more.handsMinutes), false],
  ];
  return (
    <table className="comparison" aria-live="polite">
      <thead>
        <tr>
          <td />
          <th scope="col">{words.now}</th>
          <th scope="col">{words.more(people)}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, before, after, isBetter]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{before}</td>
            <td className={isBetter ? 'better' : ''}>{after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
