import { conflictAdvice, conflictText, conflictWords as words } from '../strings/conflict-words.ts';
import { clockTimeAt } from './clock-time.ts';
import type { Kiosk } from './use-kiosk.ts';

/** Work of this person that somebody else had: who, and what to do, until it is read. */
export function ConflictCards({ conflicts, settleConflict }: Kiosk) {
  if (conflicts.length === 0) return null;
  return (
    <div role="alert" className="conflicts">
      {conflicts.map((conflict) => (
        <div className="conflict" key={conflict.taskId}>
          <p>
            <b>{conflictText(conflict, (atMs) => clockTimeAt(atMs, atMs))}</b>
            <span>{conflictAdvice(conflict)}</span>
          </p>
          <button type="button" onClick={() => settleConflict(conflict.taskId)}>
            {words.understood}
          </button>
        </div>
      ))}
    </div>
  );
}
