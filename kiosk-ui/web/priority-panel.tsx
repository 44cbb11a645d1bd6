import type { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { useState } from 'react';
import { planWords as words } from '../strings/plan-words.ts';

interface PriorityPanelProps {
  title: string;
  priority: Priority;
  choose(reason: string): void;
  cancel(): void;
}

/** Longest reason that the agent takes, and more than people type. */
const reasonLimit = 200;

/** Why a task goes to the front or to the back: one touch, or own words. */
export function PriorityPanel({ title, priority, choose, cancel }: PriorityPanelProps) {
  const [own, setOwn] = useState('');
  return (
    <fieldset className="reasons priority">
      <legend>{words.ask[priority](title)}</legend>
      <div className="one-touch">
        {words.reasons[priority].map((reason) => (
          <button type="button" key={reason} onClick={() => choose(reason)}>
            {reason}
          </button>
        ))}
      </div>
      <div className="own-reason">
        <input
          type="text"
          aria-label={words.ownReason}
          placeholder={words.ownReason}
          maxLength={reasonLimit}
          value={own}
          onChange={(event) => setOwn(event.target.value)}
        />
        <button type="button" disabled={own.trim() === ''} onClick={() => choose(own.trim())}>
          {words.send}
        </button>
        <button type="button" onClick={cancel}>
          {words.cancel}
        </button>
      </div>
    </fieldset>
  );
}
