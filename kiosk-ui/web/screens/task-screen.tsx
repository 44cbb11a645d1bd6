import type { Task } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useEffect, useReducer, useState } from 'react';
import { english } from '../../strings/english.ts';
import { needWords } from '../../strings/need-words.ts';
import { kindWords, shortReasonsByKind, stopText, taskWords } from '../../strings/task-words.ts';
import {
  askLeftInBin,
  type LeftInBin,
  type LeftInBinEvent,
  tellLeftInBin,
  toldLeft,
} from '../../view-models/left-in-bin.ts';
import { amountOf, quantityOf } from '../../view-models/quantity.ts';
import { shelfGauge } from '../../view-models/shelf-gauge.ts';
import {
  asksForFinding,
  asksForQuantity,
  kindOf,
  routeOf,
  type TaskKind,
} from '../../view-models/task-kind.ts';
import type { TaskCard } from '../../view-models/task-list.ts';
import { finishOf, startTaskWork, type TaskWork, workOnTask } from '../../view-models/task-work.ts';
import { amountText, figureText } from '../amount.ts';
import { LeftInBinPanel } from '../left-in-bin-panel.tsx';
import { Stepper } from '../stepper.tsx';
import { takeTask } from '../take-task.ts';
import { TaskDue } from '../task-due.tsx';
import { TaskWhy } from '../task-why.tsx';
import type { Kiosk } from '../use-kiosk.ts';
import { WalkMap } from '../walk-map.tsx';
import { NeedScreen } from './need-screen.tsx';
import { TaskConfirmation } from './task-confirmation.tsx';

const { task: words } = english;

interface TaskScreenProps {
  kiosk: Kiosk;
  card: TaskCard;
  close(): void;
}

export function TaskScreen({ kiosk, card, close }: TaskScreenProps) {
  const { task } = card;
  const isInHand = card.standing === 'mine' && !card.isPaused;
  // Between the agent's answer and the board that follows it, the card is still the one of before.
  const [isTaken, setTaken] = useState(isInHand);
  if (isInHand && !isTaken) setTaken(true);
  const { client, onScan, queue } = kiosk;
  const kind = kindOf(task);
  const route = routeOf(task);
  const [isWhyOpen, setWhyOpen] = useState(false);
  const [isPausing, setPausing] = useState(false);
  const asked = amountOf(task.quantity) ?? { unit: 'pieces', count: 0 };
  const [work, send] = useReducer(workOnTask, null, () =>
    startTaskWork(
      task.gtin,
      asksForQuantity(kind) ? asked : { ...asked, count: 0 },
      task.casePackPieces,
    ),
  );
  const { checking } = work;
  const expectedLeft = amountOf(task.expectedLeftInBin);
  const [left, sendLeft] = useReducer(
    (now: LeftInBin | undefined, event: LeftInBinEvent) => now && tellLeftInBin(now, event),
    expectedLeft && askLeftInBin(expectedLeft, task.casePackPieces),
  );

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
    const told = toldLeft(left);
    const leftInBin = told && { leftInBin: quantityOf(told) };
    const value = { taskId, quantity, scan, shortReason, ...leftInBin };
    queue.add({ case: 'completeTask', value }, version);
    close();
  };
  const finish = () => {
    const next = finishOf(work, asksForFinding(kind));
    if (next === 'done') complete('');
    if (next === 'ask-short-reason') send({ kind: 'ask', asking: 'short-reason' });
  };
  const block = (reason: string) => {
    queue.add({ case: 'blockTask', value: { taskId, reason } }, version);
    close();
  };
  const pause = (reason: string) => {
    queue.add({ case: 'pauseTask', value: { taskId, reason } }, version);
    close();
  };
  const release = () => {
    queue.add({ case: 'releaseTask', value: { taskId } }, version);
    close();
  };

  if (isWhyOpen) return <NeedScreen kiosk={kiosk} task={task} close={() => setWhyOpen(false)} />;
  return (
    <div className={work.wrong ? 'work alarm' : 'work'}>
      <section className="what">
        <p className="label">
          {[kindWords[kind].title, task.orderId && taskWords.order(task.orderId)]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <h1>{task.productName}</h1>
        <p className="label">{task.gtin}</p>
        <div className="where">
          <ol className="route-steps">
            {route.from && (
              <li>
                <small>{words.take}</small> {stopText(route.from)}
              </li>
            )}
            {route.to && (
              <li>
                <small>{placeWord(kind)}</small> {stopText(route.to)}
              </li>
            )}
          </ol>
          <WalkMap kiosk={kiosk} taskId={taskId} />
        </div>
        {left && isTaken && (
          <LeftInBinPanel
            left={left}
            binName={task.fromPlaceName || task.fromPlaceId}
            send={sendLeft}
          />
        )}
        <TaskDue task={task} />
        <TaskWhy task={task} />
        {kind === 'refill' && <Gauge task={task} work={work} />}
        <button type="button" onClick={() => setWhyOpen(true)}>
          {needWords.open}
        </button>
      </section>
      {!isTaken ? (
        <NotTaken card={card} take={() => takeTask(kiosk, card)} close={close} />
      ) : (
        <section className="how">
          <TaskConfirmation work={work} send={send} />
          <Stepper
            entry={work.entry}
            legend={kindWords[kind].howMany}
            note={asksForQuantity(kind) ? words.ofAsked(figureText(asked)) : ''}
            change={(change) => send({ kind: 'quantity', change })}
          />
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
              title={asksForFinding(kind) ? taskWords.whatFound : words.whyShort}
              reasons={shortReasonsByKind[kind]}
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
          {isPausing && (
            <Reasons
              title={words.whyPause}
              reasons={words.pauseReasons.map((text) => [text, text])}
              choose={pause}
            />
          )}
          <div className="ways-out">
            <button type="button" onClick={() => setPausing(!isPausing)}>
              {words.pause}
            </button>
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
      )}
    </div>
  );
}

interface NotTakenProps {
  card: TaskCard;
  take(): void;
  close(): void;
}

/** A task that is only looked at: taking it is a touch of its own. */
function NotTaken({ card, take, close }: NotTakenProps) {
  const { standing, isPaused } = card;
  return (
    <section className="how not-taken">
      {standing === 'open' && <p>{words.notYours}</p>}
      {standing === 'blocked' ? (
        <p>{english.board.blocked}</p>
      ) : (
        <button type="button" className="primary" onClick={take}>
          {isPaused ? english.board.goOn : words.takeIt}
        </button>
      )}
      <div className="ways-out">
        <button type="button" onClick={close}>
          {words.back}
        </button>
      </div>
    </section>
  );
}

function placeWord(kind: TaskKind): string {
  if (kind === 'count' || kind === 'look' || kind === 'check-sensor') return taskWords.goTo;
  return kind === 'refill' ? words.place : taskWords.bring;
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
