import type { Task } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useEffect, useReducer } from 'react';
import { english } from '../../strings/english.ts';
import { amountOf, figureOf, quantityOf } from '../../view-models/quantity.ts';
import { stepUnitsOf } from '../../view-models/quantity-entry.ts';
import { shelfGauge } from '../../view-models/shelf-gauge.ts';
import {
  finishOf,
  startTaskWork,
  type TaskWork,
  type TaskWorkEvent,
  workOnTask,
} from '../../view-models/task-work.ts';
import { amountText } from '../amount.ts';
import type { Kiosk } from '../use-kiosk.ts';

const { task: words } = english;

interface TaskScreenProps {
  kiosk: Kiosk;
  task: Task;
  close(): void;
}

export function TaskScreen({ kiosk, task, close }: TaskScreenProps) {
  const { client, onScan, queue } = kiosk;
  const asked = amountOf(task.quantity) ?? { unit: 'pieces', count: 0 };
  const [work, send] = useReducer(workOnTask, null, () =>
    startTaskWork(task.gtin, asked, task.casePackPieces),
  );
  const { checking } = work;

  useEffect(() => onScan((text) => send({ kind: 'scanned', text })), [onScan]);
  useEffect(() => {
    if (checking === undefined) return;
    client.lookUp({ text: checking }).then(
      ({ gtin, productName }) => send({ kind: 'looked-up', text: checking, gtin, productName }),
      () => send({ kind: 'not-found', text: checking }),
    );
  }, [client, checking]);

  const { taskId, version } = task;
  const complete = (shortReason: string) => {
    const scan = work.confirmation?.kind === 'scan' ? work.confirmation.text : '';
    const quantity = quantityOf(work.entry.amount);
    queue.add({ case: 'completeTask', value: { taskId, quantity, scan, shortReason } }, version);
    close();
  };
  const finish = () => {
    const next = finishOf(work);
    if (next === 'done') complete('');
    if (next === 'ask-short-reason') send({ kind: 'ask', asking: 'short-reason' });
  };
  const block = (reason: string) => {
    queue.add({ case: 'blockTask', value: { taskId, reason } }, version);
    close();
  };
  const release = () => {
    queue.add({ case: 'releaseTask', value: { taskId } }, version);
    close();
  };

  return (
    <div className={work.wrong ? 'work alarm' : 'work'}>
      <section className="what">
        <p className="label">{words.refill}</p>
        <h1>{task.productName}</h1>
        <p className="label">{task.gtin}</p>
        <p className="why">{task.explanation}</p>
        <ol className="route-steps">
          <li>
            <small>{words.take}</small> {task.fromPlaceName}
          </li>
          <li>
            <small>{words.place}</small> {task.slotName} · {task.slotId}
          </li>
        </ol>
        <Gauge task={task} work={work} />
      </section>
      <section className="how">
        <Confirmation work={work} send={send} />
        <Stepper work={work} send={send} />
        <button
          type="button"
          className="primary"
          disabled={work.confirmation === undefined}
          onClick={finish}
        >
          {words.done}
        </button>
        {work.asking === 'short-reason' && (
          <Reasons
            title={words.whyShort}
            reasons={Object.entries(words.shortReasons)}
            choose={complete}
          />
        )}
        {work.asking === 'block-reason' && (
          <Reasons
            title={words.whyBlocked}
            reasons={words.blockReasons.map((text) => [text, text])}
            choose={block}
          />
        )}
        <div className="ways-out">
          <button type="button" onClick={() => send({ kind: 'ask', asking: 'block-reason' })}>
            {words.cannot}
          </button>
          <button type="button" onClick={release}>
            {words.release}
          </button>
          <button type="button" onClick={close}>
            {words.back}
          </button>
        </div>
      </section>
    </div>
  );
}

interface PartProps {
  work: TaskWork;
  send(event: TaskWorkEvent): void;
}

function Confirmation({ work, send }: PartProps) {
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

function Stepper({ work, send }: PartProps) {
  const { entry } = work;
  const asked = figureOf({ ...entry.amount, count: entry.asked });
  const units = stepUnitsOf(entry);
  return (
    <fieldset className="stepper">
      <legend>{words.howMany}</legend>
      <button
        type="button"
        aria-label={words.less}
        onClick={() => send({ kind: 'quantity', change: { kind: 'less' } })}
      >
        −
      </button>
      <output aria-live="polite">
        <b>{figureOf(entry.amount)}</b>
        <small>{words.ofAsked(asked)}</small>
      </output>
      <button
        type="button"
        aria-label={words.more}
        onClick={() => send({ kind: 'quantity', change: { kind: 'more' } })}
      >
        +
      </button>
      {units.length > 1 && (
        <div className="units">
          {units.map((unit) => (
            <button
              type="button"
              key={unit}
              aria-pressed={unit === entry.stepUnit}
              onClick={() => send({ kind: 'quantity', change: { kind: 'step-unit', unit } })}
            >
              {words[unit]}
            </button>
          ))}
        </div>
      )}
    </fieldset>
  );
}

interface ReasonsProps {
  title: string;
  /** What is sent, and how it reads. */
  reasons: readonly (readonly [reason: string, text: string])[];
  choose(reason: string): void;
}

function Reasons({ title, reasons, choose }: ReasonsProps) {
  return (
    <fieldset className="reasons">
      <legend>{title}</legend>
      {reasons.map(([reason, text]) => (
        <button type="button" key={reason} onClick={() => choose(reason)}>
          {text}
        </button>
      ))}
    </fieldset>
  );
}

function Gauge({ task, work }: { task: Task; work: TaskWork }) {
  const gauge = shelfGauge(amountOf(task.onShelf), work.entry.amount, amountOf(task.capacity));
  return (
    <div className="gauge">
      <p>
        {amountText(task.onShelf)} {words.onShelf} · {amountText(task.capacity)} max
      </p>
      {gauge && (
        <svg viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true">
          <rect className="there" width={gauge.therePpm / 1_000} height="40" />
          <rect
            className="add"
            x={gauge.therePpm / 1_000}
            width={gauge.addPpm / 1_000}
            height="40"
          />
        </svg>
      )}
    </div>
  );
}
