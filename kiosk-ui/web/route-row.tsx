import { planWords as words } from '../strings/plan-words.ts';
import { type RouteRow as Row, stepped } from '../view-models/route-list.ts';
import { clockTimeAt } from './clock-time.ts';
import { type Direction, useRowDrag } from './use-row-drag.ts';

interface RouteRowProps {
  row: Row;
  nowMs: number;
  /** Absent: whoever looks may not change the order. */
  step: ((direction: Direction) => void) | undefined;
}

/** One stop: its number on the map, when, what, why there; handles for those who may move it. */
export function RouteRow({ row, nowMs, step }: RouteRowProps) {
  const { number, title, startMs, endMs, dueMs, lateMinutes, standing, changed } = row;
  const drag = useRowDrag((direction) => step?.(direction));
  const isMovable = step !== undefined && row.isMovable;
  const why = [words.standing[standing], row.explanation].filter(Boolean).join(' · ');
  const time = (ms: number) => clockTimeAt(ms, nowMs);
  return (
    <li
      className={`stop-row ${standing}${drag.isDragged ? ' dragged' : ''}`}
      style={drag.offset === 0 ? undefined : { transform: `translateY(${drag.offset}px)` }}
    >
      <span className="number">{number}</span>
      <div className="what">
        <b>{title}</b>
        <span className="when">
          <time>{time(startMs)}</time>–<time>{time(endMs)}</time>
          {dueMs !== undefined && ` · ${words.due(time(dueMs))}`}
          {lateMinutes > 0 && <em>{words.late(lateMinutes)}</em>}
        </span>
        {why !== '' && <small>{why}</small>}
        {changed !== '' && <small className="changed">{words.changed(changed)}</small>}
      </div>
      {isMovable && (
        <div className="moves">
          {drag.isDragged ? (
            <output>{words.dropHint[drag.direction]}</output>
          ) : (
            <>
              <button
                type="button"
                aria-label={words.steps.up(title)}
                disabled={stepped(row.priority, 'up') === null}
                onClick={() => step('up')}
              >
                ▲
              </button>
              <button
                type="button"
                aria-label={words.steps.down(title)}
                disabled={stepped(row.priority, 'down') === null}
                onClick={() => step('down')}
              >
                ▼
              </button>
            </>
          )}
          <button type="button" className="handle" aria-label={words.drag(title)} {...drag.handle}>
            ≡
          </button>
        </div>
      )}
    </li>
  );
}
