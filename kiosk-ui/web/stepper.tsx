import { english } from '../strings/english.ts';
import { figureOf } from '../view-models/quantity.ts';
import {
  type QuantityEntry,
  type QuantityEntryEvent,
  stepUnitsOf,
} from '../view-models/quantity-entry.ts';

const { task: words } = english;

interface StepperProps {
  entry: QuantityEntry;
  legend: string;
  /** Small print under the figure. */
  note: string;
  change(event: QuantityEntryEvent): void;
}

/** A quantity by steps of pieces, cases or 100 g. */
export function Stepper({ entry, legend, note, change }: StepperProps) {
  const units = stepUnitsOf(entry);
  return (
    <fieldset className="stepper">
      <legend>{legend}</legend>
      <button type="button" aria-label={words.less} onClick={() => change({ kind: 'less' })}>
        −
      </button>
      <output aria-live="polite">
        <b>{figureOf(entry.amount)}</b>
        <small>{note}</small>
      </output>
      <button type="button" aria-label={words.more} onClick={() => change({ kind: 'more' })}>
        +
      </button>
      {units.length > 1 && (
        <div className="units">
          {units.map((unit) => (
            <button
              type="button"
              key={unit}
              aria-pressed={unit === entry.stepUnit}
              onClick={() => change({ kind: 'step-unit', unit })}
            >
              {words[unit]}
            </button>
          ))}
        </div>
      )}
    </fieldset>
  );
}
