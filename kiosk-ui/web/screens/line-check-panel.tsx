import type { Quantity } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { useReducer } from 'react';
import { differenceText, receivingWords as words } from '../../strings/receiving-words.ts';
import {
  amountsOf,
  checkLine,
  type LineTarget,
  lineDifference,
  startLineCheck,
} from '../../view-models/line-check.ts';
import { quantityOf } from '../../view-models/quantity.ts';
import { figureText } from '../amount.ts';
import { Stepper } from '../stepper.tsx';

interface LineCheckPanelProps {
  target: LineTarget;
  isChecked: boolean;
  save(received: Quantity, damaged: Quantity): void;
  close(): void;
}

/** What came of one line: the amounts, and how they differ from the notice. */
export function LineCheckPanel({ target, isChecked, save, close }: LineCheckPanelProps) {
  const [check, send] = useReducer(checkLine, target, startLineCheck);
  const { came, damaged } = check;
  const difference = lineDifference(target.announced, came.amount, damaged.amount.count);
  const isRight = difference.kind === 'none';
  const amount = 'amount' in difference ? figureText(difference.amount) : '';
  const announced =
    target.announced === undefined
      ? words.notAnnounced
      : words.announced(figureText(target.announced));
  if (isChecked) {
    return (
      <div className="check">
        <h2>{target.productName}</h2>
        <p>{words.checkedAlready}</p>
        <button type="button" onClick={close}>
          {words.next}
        </button>
      </div>
    );
  }
  const finish = () => {
    const amounts = amountsOf(check);
    save(quantityOf(amounts.received), quantityOf(amounts.damaged));
  };
  return (
    <div className="check">
      <h2>{target.productName}</h2>
      <p className="label">
        {target.gtin} · {announced}
      </p>
      <Stepper
        entry={came}
        legend={words.howMany}
        note=""
        change={(change) => send({ kind: 'came', change })}
      />
      <Stepper
        entry={damaged}
        legend={words.howManyDamaged}
        note=""
        change={(change) => send({ kind: 'damaged', change })}
      />
      <output className={`difference ${isRight ? 'good' : 'trouble'}`}>
        {differenceText(difference, amount)}
        {damaged.amount.count > 0 && ` · ${words.putAside}`}
      </output>
      <div className="save">
        <button type="button" onClick={close}>
          {words.cancel}
        </button>
        <button type="button" className="primary" onClick={finish}>
          {words.save}
        </button>
      </div>
    </div>
  );
}
