import { taskWords } from '../strings/task-words.ts';
import type { LeftInBin, LeftInBinEvent } from '../view-models/left-in-bin.ts';
import { figureText } from './amount.ts';
import { Stepper } from './stepper.tsx';

interface LeftInBinPanelProps {
  left: LeftInBin;
  binName: string;
  send(event: LeftInBinEvent): void;
}

/** Asks at the bin what is left in it; once told or skipped, a line that can be touched again. */
export function LeftInBinPanel({ left, binName, send }: LeftInBinPanelProps) {
  const { entry, stage } = left;
  if (stage === 'told' || stage === 'skipped') {
    const text =
      stage === 'told'
        ? taskWords.leftTold(binName, figureText(entry.amount))
        : taskWords.leftSkipped(binName);
    return (
      <button type="button" className="left-told" onClick={() => send({ kind: 'reopen' })}>
        {text}
      </button>
    );
  }
  return (
    <section className="reasons left-in-bin" aria-live="polite">
      <Stepper
        entry={entry}
        legend={taskWords.leftAsk(binName)}
        note={stage === 'again' ? taskWords.countAgain : ''}
        change={(change) => send({ kind: 'quantity', change })}
      />
      <div className="ways-out">
        <button type="button" onClick={() => send({ kind: 'tell' })}>
          {taskWords.leftTell}
        </button>
        <button type="button" onClick={() => send({ kind: 'skip' })}>
          {taskWords.leftSkip}
        </button>
      </div>
    </section>
  );
}
