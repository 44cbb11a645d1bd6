import type { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import type {
  PersonRoute,
  ShowPlanResponse,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { useState } from 'react';
import { planWords as words } from '../../strings/plan-words.ts';
import { mapRoute } from '../../view-models/map-route.ts';
import {
  type RouteRow as Row,
  routeRows,
  routesInOrder,
  stepped,
} from '../../view-models/route-list.ts';
import { storeDrawing } from '../../view-models/store-drawing.ts';
import { clockTime } from '../clock-time.ts';
import { PageBar } from '../page-bar.tsx';
import { PriorityPanel } from '../priority-panel.tsx';
import { RouteRow } from '../route-row.tsx';
import { StoreMap } from '../store-map.tsx';
import type { Kiosk } from '../use-kiosk.ts';
import { type FreshPlan, usePlan } from '../use-plan.ts';
import type { Direction } from '../use-row-drag.ts';

interface PlanScreenProps {
  kiosk: Kiosk;
  close(): void;
}

/** More rows than a person does in a shift are counted, not shown. */
const rowsShown = 12;

export function PlanScreen({ kiosk, close }: PlanScreenProps) {
  const plan = usePlan(kiosk);
  const ownRef = kiosk.session?.personRef ?? '';
  const [chosen, setChosen] = useState(ownRef);
  const { list, nowMs } = plan;
  const routes = list === undefined ? [] : routesInOrder(list, ownRef);
  const route = routes.find(({ personRef }) => personRef === chosen) ?? routes[0];
  return (
    <section className="plan">
      <PageBar title={words.title} back={words.back} close={close} />
      {list && (
        <p className="why">
          {list.plannedAt
            ? words.madeAt(clockTime(list.plannedAt, nowMs), list.occasion)
            : words.none}
        </p>
      )}
      {routes.length > 1 && (
        <nav className="people-tabs" aria-label={words.people}>
          {routes.map(({ personRef, personName, stops }) => (
            <button
              key={personRef}
              type="button"
              aria-pressed={personRef === route?.personRef}
              onClick={() => setChosen(personRef)}
            >
              {personRef === ownRef ? words.mine(personName) : personName}
              <span className="badge">{stops.length}</span>
            </button>
          ))}
        </nav>
      )}
      {list && <RoutePage kiosk={kiosk} plan={plan} list={list} route={route} />}
    </section>
  );
}

interface RoutePageProps {
  kiosk: Kiosk;
  plan: FreshPlan;
  list: ShowPlanResponse;
  route: PersonRoute | undefined;
}

function RoutePage({ kiosk, plan, list, route }: RoutePageProps) {
  const rows = route === undefined ? [] : routeRows(route);
  const mayMove = kiosk.session?.role === Role.LEAD || kiosk.session?.role === Role.MANAGER;
  const moves = useMoves(plan);
  return (
    <div className="route-page">
      <div className="route-list">
        {moves.asked && (
          <PriorityPanel {...moves.asked} choose={moves.choose} cancel={moves.cancel} />
        )}
        {moves.isTaken && <output className="answer">{words.taken}</output>}
        {rows.length === 0 && <p className="nothing">{words.idle}</p>}
        <ol className="stop-rows">
          {rows.slice(0, rowsShown).map((row) => (
            <RouteRow
              key={row.taskId}
              row={row}
              nowMs={plan.nowMs}
              step={mayMove ? (direction) => moves.step(row, direction) : undefined}
            />
          ))}
        </ol>
        {rows.length > rowsShown && <p className="why">{words.stops(rows.length - rowsShown)}</p>}
        <Unplanned list={list} />
      </div>
      <RouteMap list={list} rows={rows.slice(0, rowsShown)} name={route?.personName ?? ''} />
    </div>
  );
}

/** A lead's wish to move a task, until it has a reason. */
function useMoves(plan: FreshPlan) {
  const [asked, setAsked] = useState<{ taskId: string; title: string; priority: Priority }>();
  const [isTaken, setTaken] = useState(false);
  const step = ({ taskId, title, priority: before }: Row, direction: Direction) => {
    const priority = stepped(before, direction);
    if (priority === null) return;
    setTaken(false);
    setAsked({ taskId, title, priority });
  };
  const choose = async (reason: string) => {
    if (!asked) return;
    const { taskId, priority } = asked;
    const value = { taskId, priority, reason };
    setAsked(undefined);
    setTaken(await plan.decide({ case: 'overridePriority', value }));
  };
  return { asked, isTaken, step, choose, cancel: () => setAsked(undefined) };
}

function Unplanned({ list: { unplanned } }: { list: ShowPlanResponse }) {
  if (unplanned.length === 0) return null;
  return (
    <>
      <h2 className="label">{words.unplanned(unplanned.length)}</h2>
      <ul className="stop-rows">
        {unplanned.slice(0, rowsShown).map(({ taskId, title, reason }) => (
          <li key={taskId} className="stop-row undone">
            <div className="what">
              <b>{title}</b>
              <small>{reason}</small>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

interface RouteMapProps {
  list: ShowPlanResponse;
  rows: readonly Row[];
  name: string;
}

function RouteMap({ list, rows, name }: RouteMapProps) {
  const drawing = storeDrawing(list.map, list.walks);
  if (!drawing) return <p className="why no-map">{words.noMap}</p>;
  return (
    <figure className="route-map">
      <StoreMap
        drawing={drawing}
        {...mapRoute(drawing, rows)}
        label={words.map(name, rows.length)}
      />
    </figure>
  );
}
