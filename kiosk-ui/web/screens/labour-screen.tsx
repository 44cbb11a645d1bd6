import type { ShowPlanResponse } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { labourWords as words } from '../../strings/labour-words.ts';
import { planWords } from '../../strings/plan-words.ts';
import { dueFirst } from '../../view-models/route-list.ts';
import { clockTime, clockTimeAt } from '../clock-time.ts';
import { FactList } from '../fact-list.tsx';
import { LabourBars } from '../labour-bars.tsx';
import { PageBar } from '../page-bar.tsx';
import { StaffHours } from '../staff-hours.tsx';
import type { Kiosk } from '../use-kiosk.ts';
import { usePlan } from '../use-plan.ts';
import { WhatIfForm } from '../what-if-form.tsx';

interface LabourScreenProps {
  kiosk: Kiosk;
  close(): void;
}

const dueShown = 5;
const undoneShown = 6;

/** For leads and managers: is there more to do than hands, and what then. */
export function LabourScreen({ kiosk, close }: LabourScreenProps) {
  const plan = usePlan(kiosk);
  const { list, nowMs } = plan;
  return (
    <section className="labour">
      <PageBar title={words.title} back={words.back} close={close} />
      {list && (
        <div className="labour-page">
          <div>
            <Advice list={list} />
            <DueFirst list={list} nowMs={nowMs} />
            <Undone list={list} />
            <WhatIfForm kiosk={kiosk} list={list} nowMs={nowMs} />
          </div>
          <div>
            <Load list={list} nowMs={nowMs} />
            <StaffHours plan={plan} list={list} />
          </div>
        </div>
      )}
    </section>
  );
}

interface PartProps {
  list: ShowPlanResponse;
  nowMs: number;
}

function Load({ list: { load, hours, closesAt }, nowMs }: PartProps) {
  return (
    <section>
      <h2>
        {words.load} <small>{words.until(clockTime(closesAt, nowMs))}</small>
      </h2>
      {load && (
        <FactList
          facts={[
            [words.facts.load, words.hours(load.loadMinutes)],
            [words.facts.hands, words.hours(load.handsMinutes)],
            [words.facts.late, load.lateTasks],
            [words.facts.undone, load.unplannedTasks],
          ]}
        />
      )}
      <LabourBars hours={hours} nowMs={nowMs} />
    </section>
  );
}

function Advice({ list: { advice } }: { list: ShowPlanResponse }) {
  return (
    <section className="advice">
      <h2>{words.advice}</h2>
      {advice.length === 0 && <p>{words.allWell}</p>}
      <ul>
        {advice.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

function DueFirst({ list, nowMs }: PartProps) {
  const tasks = dueFirst(list, dueShown);
  return (
    <section>
      <h2>{words.dueFirst}</h2>
      {tasks.length === 0 && <p className="why">{words.nothingDue}</p>}
      <ol className="due-first">
        {tasks.map(({ taskId, title, dueMs, personName, startMs, lateMinutes }) => (
          <li key={taskId}>
            <b>{title}</b>
            <span>
              {words.due(clockTimeAt(dueMs, nowMs))} ·{' '}
              {startMs === undefined
                ? words.nobody
                : words.by(personName, clockTimeAt(startMs, nowMs))}
              {lateMinutes > 0 && <em>{planWords.late(lateMinutes)}</em>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Undone({ list: { unplanned } }: { list: ShowPlanResponse }) {
  return (
    <section>
      <h2>{words.undone}</h2>
      {unplanned.length === 0 && <p className="why">{words.nothingUndone}</p>}
      <ul className="due-first">
        {unplanned.slice(0, undoneShown).map(({ taskId, title, reason }) => (
          <li key={taskId}>
            <b>{title}</b>
            <span>{reason}</span>
          </li>
        ))}
      </ul>
      {unplanned.length > undoneShown && (
        <p className="why">{planWords.stops(unplanned.length - undoneShown)}</p>
      )}
    </section>
  );
}
