import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import {
  ShowPlanResponseSchema,
  TaskStatus,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { describe, expect, it } from 'vitest';
import { mapRoute } from './map-route.ts';
import { dueFirst, routeRows, routesInOrder, stepped } from './route-list.ts';
import { storeDrawing } from './store-drawing.ts';

const minute = (count: number) => timestampFromMs(count * 60_000);
const stop = (taskId: string, start: number, end: number, due: number, more: object = {}) => ({
  taskId,
  title: taskId,
  startsAt: minute(start),
  endsAt: minute(end),
  dueAt: minute(due),
  status: TaskStatus.OPEN,
  ...more,
});

const plan = create(ShowPlanResponseSchema, {
  routes: [
    { personRef: 'zoe', personName: 'Zoe', stops: [stop('rice', 1, 6, 30)] },
    {
      personRef: 'anna',
      personName: 'Anna',
      stops: [
        stop('milk', 0, 12, 8, { status: TaskStatus.STARTED, placeId: 'A' }),
        stop('jam', 12, 20, 60, { priority: Priority.FIRST, reason: 'urgent', placeId: 'B' }),
        stop('fish', 20, 25, 40, { isHard: true, placeId: 'A' }),
      ],
    },
  ],
  unplanned: [{ taskId: 'count', title: 'count', dueAt: minute(5) }],
});

describe('routes', () => {
  it('begins with my own', () => {
    const names = (ref: string) => routesInOrder(plan, ref).map(({ personName }) => personName);
    expect(names('zoe')).toEqual(['Zoe', 'Anna']);
    expect(names('max')).toEqual(['Anna', 'Zoe']);
  });

  it('says why a stop stands there, what changed, and what is late', () => {
    const [, anna] = plan.routes;
    if (!anna) throw new Error('a route expected');
    expect(routeRows(anna)).toMatchObject([
      { number: 1, standing: 'in-hand', isMovable: false, lateMinutes: 4 },
      { number: 2, standing: 'first', isMovable: true, lateMinutes: 0, changed: 'urgent' },
      { number: 3, standing: 'hard', isMovable: true, lateMinutes: 0, changed: '' },
    ]);
  });

  it('knows what is due first, planned or not', () => {
    expect(dueFirst(plan, 3)).toMatchObject([
      { taskId: 'count', personName: '', startMs: undefined },
      { taskId: 'milk', personName: 'Anna', lateMinutes: 4 },
      { taskId: 'rice', personName: 'Zoe' },
    ]);
  });

  it('has three rungs: first, as reckoned, last', () => {
    expect(stepped(Priority.UNSPECIFIED, 'up')).toBe(Priority.FIRST);
    expect(stepped(Priority.UNSPECIFIED, 'down')).toBe(Priority.LAST);
    expect(stepped(Priority.FIRST, 'up')).toBeNull();
    expect(stepped(Priority.FIRST, 'down')).toBe(Priority.AS_RECKONED);
    expect(stepped(Priority.LAST, 'up')).toBe(Priority.AS_RECKONED);
    expect(stepped(Priority.LAST, 'down')).toBeNull();
  });
});

it('marks a place that is met twice once, with both numbers, the next stop on top', () => {
  const places = [
    { placeId: 'A', name: 'A', kind: 1, xCentimetres: 100, yCentimetres: 100 },
    { placeId: 'B', name: 'B', kind: 1, xCentimetres: 900, yCentimetres: 100 },
  ];
  const { map } = create(ShowPlanResponseSchema, { map: places });
  const drawing = storeDrawing(map, []);
  const [, anna] = plan.routes;
  if (!drawing || !anna) throw new Error('a picture expected');
  const rows = routeRows(anna).map((row) => ({ ...row, fromPlaceId: row.placeId }));
  const { legs, stops } = mapRoute(drawing, rows);
  expect(stops).toEqual([
    { label: '2', placeId: 'B', isNext: false },
    { label: '1, 3', placeId: 'A', isNext: true },
  ]);
  expect(legs).toHaveLength(2);
});
