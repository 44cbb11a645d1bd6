import type { Figures, Task } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { decisionWords } from '../../strings/decision-words.ts';
import { deviceWords, letterWords } from '../../strings/device-words.ts';
import { english } from '../../strings/english.ts';
import { labourWords } from '../../strings/labour-words.ts';
import { planWords } from '../../strings/plan-words.ts';
import { policyWords } from '../../strings/policy-words.ts';
import { orderWords, receivingWords } from '../../strings/receiving-words.ts';
import { suspectWords } from '../../strings/suspect-words.ts';
import { kindWords, stopText, taskWords } from '../../strings/task-words.ts';
import { asksForQuantity, kindOf, routeOf } from '../../view-models/task-kind.ts';
import type { TaskBoard, TaskCard } from '../../view-models/task-list.ts';
import { amountText } from '../amount.ts';
import { takeTask } from '../take-task.ts';
import { TaskDue } from '../task-due.tsx';
import { TaskWhy } from '../task-why.tsx';
import type { Kiosk } from '../use-kiosk.ts';

const { board: words, urgency } = english;

interface BoardScreenProps {
  kiosk: Kiosk;
  cards: TaskBoard;
  openTask(taskId: string): void;
  openDecisions(): void;
  /** Empty: the list. */
  openDelivery(deliveryId: string): void;
  openOrders(): void;
  openPolicy(): void;
  openSuspects(): void;
  openDevices(): void;
  openLetters(): void;
  openPlan(): void;
  openLabour(): void;
}

/** Who sees to people and their hours. */
const leadRoles: readonly Role[] = [Role.LEAD, Role.MANAGER];
/** Who looks after devices; associates are not sent there. */
const deviceRoles: readonly Role[] = [Role.LEAD, Role.MANAGER, Role.INTEGRATOR, Role.SUPPORT];

export function BoardScreen(props: BoardScreenProps) {
  const { kiosk, cards, openTask, openDelivery } = props;
  const { board, session, signOut } = kiosk;
  const open = ({ task }: TaskCard) => {
    if (kindOf(task) === 'receive') openDelivery(task.deliveryId);
    else openTask(task.taskId);
  };
  const take = (card: TaskCard) => {
    takeTask(kiosk, card);
    open(card);
  };
  return (
    <>
      <div className="bar board-bar">
        <h1>{board?.storeName}</h1>
        <FigureRow figures={board?.figures} />
        <button type="button" onClick={signOut}>
          {words.signOut} · {session?.name}
        </button>
      </div>
      <BoardMenu {...props} />
      {cards.next ? (
        <NextTask card={cards.next} take={take} />
      ) : (
        <section className="next idle">
          <h2>{words.nothing}</h2>
          <p>{words.lookUp}</p>
        </section>
      )}
      {cards.others.length > 0 && (
        <section>
          <h2 className="label">{words.others}</h2>
          <ul className="tasks">
            {cards.others.map((card) => (
              <TaskRow key={card.task.taskId} card={card} open={open} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** Ways to the other lists, each with how much waits there. */
function BoardMenu(props: BoardScreenProps) {
  const { board, session } = props.kiosk;
  const { exceptionsOpen = 0, deliveriesAtDock = 0 } = board?.figures ?? {};
  const ways: [text: string, waiting: number, open: () => void][] = [
    [planWords.open, 0, props.openPlan],
    [decisionWords.open, exceptionsOpen, props.openDecisions],
    [receivingWords.open, deliveriesAtDock, () => props.openDelivery('')],
    [orderWords.open, 0, props.openOrders],
  ];
  if (session && leadRoles.includes(session.role)) {
    ways.push(
      [labourWords.open, 0, props.openLabour],
      [suspectWords.open, 0, props.openSuspects],
      [policyWords.open, 0, props.openPolicy],
    );
  }
  if (session && deviceRoles.includes(session.role)) {
    ways.push([deviceWords.open, 0, props.openDevices], [letterWords.open, 0, props.openLetters]);
  }
  return (
    <nav className="menu" aria-label={words.menu}>
      {ways.map(([text, waiting, open]) => (
        <button key={text} type="button" onClick={open}>
          {text}
          {waiting > 0 && <span className="badge">{waiting}</span>}
        </button>
      ))}
    </nav>
  );
}

function FigureRow({ figures }: { figures: Figures | undefined }) {
  if (!figures) return null;
  const shown: [figure: string, label: string][] = [
    [`${(figures.onShelfAvailabilityPpm / 10_000).toFixed(1)} %`, words.available],
    [`${figures.slotsEmpty}`, words.emptySlots],
    [`${figures.tasksOpen}`, words.openTasks],
    [`${figures.tasksDoneToday}`, words.doneToday],
  ];
  return (
    <dl className="figures">
      {shown.map(([figure, label]) => (
        <div key={label}>
          <dd>{figure}</dd>
          <dt>{label}</dt>
        </div>
      ))}
    </dl>
  );
}

/** What the task is about, by name: a product, or a delivery of many. */
function subjectOf({ productName, deliveryId }: Task): string {
  return productName || taskWords.delivery(deliveryId);
}

/** What is asked for; empty where the task asks for no figure. */
function howMuch(task: Task): string {
  const kind = kindOf(task);
  if (kind === 'receive') return taskWords.lines(task.lines.length);
  return asksForQuantity(kind) ? amountText(task.quantity) : '';
}

function stopsOf(task: Task): string[] {
  const { from, to } = routeOf(task);
  return [from, to].flatMap((stop) => (stop ? [stopText(stop)] : []));
}

interface NextTaskProps {
  card: TaskCard;
  take(card: TaskCard): void;
}

/** What is not urgent is on top because it lies on the way: "Later" there would contradict the order. */
function placeText({ task, urgency: step }: TaskCard): string {
  return step !== 'now' && task.plannedForRef !== '' ? words.onRoute : urgency[step];
}

function NextTask({ card, take }: NextTaskProps) {
  const { task } = card;
  return (
    <section className={`next ${card.urgency}`}>
      <p className="label">
        {card.isPaused ? words.paused : words.next} · {kindWords[kindOf(task)].title} ·{' '}
        {placeText(card)}
      </p>
      <h2>{subjectOf(task)}</h2>
      <p className="route">
        <b>{howMuch(task)}</b>
        {stopsOf(task).map((stop, index) => (
          <span key={stop}>
            {index > 0 && <i aria-hidden="true">→ </i>}
            {stop}
          </span>
        ))}
        <TaskDue task={task} />
      </p>
      <TaskWhy task={task} />
      {task.planReason !== '' && <p className="changed">{planWords.changed(task.planReason)}</p>}
      <button type="button" className="primary" onClick={() => take(card)}>
        {card.standing === 'mine' ? words.goOn : words.take}
      </button>
    </section>
  );
}

function standingText(card: TaskCard): string {
  if (card.pending) return words.sending;
  switch (card.standing) {
    case 'taken':
      return card.isPaused
        ? words.pausedBy(card.task.claimedByName)
        : words.takenBy(card.task.claimedByName);
    case 'blocked':
      return words.blocked;
    case 'mine':
      return card.isPaused ? words.paused : urgency[card.urgency];
    case 'open':
      return urgency[card.urgency];
  }
}

interface TaskRowProps {
  card: TaskCard;
  open(card: TaskCard): void;
}

/** A touch shows the task; it is taken there. */
function TaskRow({ card, open }: TaskRowProps) {
  const { task, standing } = card;
  const isOurs = standing === 'open' || standing === 'mine';
  return (
    <li>
      <button
        type="button"
        className={`task ${card.urgency} ${standing}`}
        disabled={!isOurs}
        onClick={() => open(card)}
      >
        <b>
          {subjectOf(task)}
          <small>{kindWords[kindOf(task)].title}</small>
        </b>
        <span>{howMuch(task)}</span>
        <span>{stopsOf(task).join(' → ')}</span>
        <em>{standingText(card)}</em>
      </button>
    </li>
  );
}
