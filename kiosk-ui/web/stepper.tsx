import { useState } from 'react';
import { english } from '../strings/english.ts';
import { figureOf } from '../view-models/quantity.ts';
import {
  canKeyIn,
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

/** A quantity by steps of pieces, cases or 100 g; a touch on the figure opens a pad for large ones. */
export function Stepper({ entry, legend, note, change }: StepperProps) {
  const [isPadOpen, setPadOpen] = useState(false);
  const units = stepUnitsOf(entry);
  const figure = figureOf(entry.amount);
  const shown = (
    <>
      <b>{figure}</b>
      <small>{note || (canKeyIn(entry) ? words.keyIn : '')}</small>
    </>
  );
  return (
    <fieldset className="stepper">
      <legend>{legend}</legend>
      <button type="button" aria-label={words.less} onClick={() => change({ kind: 'less' })}>
        −
      </button>
      {canKeyIn(entry) ? (
        <button
          type="button"
          className="figure"
          aria-expanded={isPadOpen}
          aria-live="polite"
          onClick={() => setPadOpen(!isPadOpen)}
        >
          {shown}
        </button>
      ) : (
        <output className="figure" aria-live="polite">
          {shown}
        </output>
      )}
      <button type="button" aria-label={words.more} onClick={() => change({ kind: 'more' })}>
        +
      </button>
      {isPadOpen && <FigurePad change={change} />}
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

const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] as const;

/** The first key begins a new figure. */
function FigurePad({ change }: { change(event: QuantityEntryEvent): void }) {
  const [isFirst, setFirst] = useState(true);
  const press = (digit: number) => {
    change(isFirst ? { kind: 'typed', text: `${digit}` } : { kind: 'digit', digit });
    setFirst(false);
  };
  const erase = () => {
    change({ kind: 'erase' });
    setFirst(false);
  };
  return (
    <div className="figure-pad">
      {digits.map((digit) => (
        <button type="button" key={digit} onClick={() => press(digit)}>
          {digit}
        </button>
      ))}
      <button type="button" className="erase" onClick={erase}>
        {words.erase}
      </button>
    </div>
  );
}
