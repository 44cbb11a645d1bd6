import { english } from '../../strings/english.ts';
import type { TaskWork, TaskWorkEvent } from '../../view-models/task-work.ts';

const { task: words } = english;

interface TaskConfirmationProps {
  work: TaskWork;
  send(event: TaskWorkEvent): void;
}

/** Is it the right product? By scan, or by hand where the label is gone. */
export function TaskConfirmation({ work, send }: TaskConfirmationProps) {
  if (work.wrong) {
    const { productName } = work.wrong;
    return (
      <div className="confirm wrong" role="alert" key={work.wrong.alarm}>
        <strong>{words.wrong}</strong>
        <p>{productName === undefined ? words.wrongUnknown : words.wrongNamed(productName)}</p>
        <button type="button" onClick={() => send({ kind: 'alarm-dismissed' })}>
          {words.tryAgain}
        </button>
      </div>
    );
  }
  if (work.confirmation) {
    const isScan = work.confirmation.kind === 'scan';
    return (
      <output className="confirm right">
        <strong>{isScan ? words.confirmed : words.confirmedByHand}</strong>
      </output>
    );
  }
  return (
    <div className="confirm">
      <strong>{work.checking === undefined ? words.scanFirst : words.checking}</strong>
      <button type="button" onClick={() => send({ kind: 'confirmed-by-hand' })}>
        {words.byHand}
      </button>
    </div>
  );
}
