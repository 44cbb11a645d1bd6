import type { Figures } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { deviceWords, letterWords } from '../../strings/device-words.ts';
import { english } from '../../strings/english.ts';
import type { TaskBoard, TaskCard } from '../../view-models/task-list.ts';
import { amountText } from '../amount.ts';
import type { Kiosk } from '../use-kiosk.ts';

const { board: words, urgency } = english;

interface BoardScreenProps {
  kiosk: Kiosk;
  cards: TaskBoard;
  openTask(taskId: string): void;
  openDevices(): void;
  openLetters(): void;
}

/** Who looks after devices; associates are not sent there. */
const deviceRoles: readonly Role[] = [Role.LEAD, Role.MANAGER, Role.INTEGRATOR, Role.SUPPORT];

export function BoardScreen(props: BoardScreenProps) {
  const { kiosk, cards, openTask, openDevices, openLetters } = props;
  const { board, session, signOut, queue } = kiosk;
  const take = (card: TaskCard) => {
    const { taskId, version } = card.task;
    if (card.standing === 'open') {
      queue.add({ case: 'claimTask', value: { taskId } }, version);
    }
    openTask(taskId);
  };
  return (
    <>
      <div className="bar">
        <h1>{board?.storeName}</h1>
        <FigureRow figures={board?.figures} />
        {session && deviceRoles.includes(session.role) && (
          <>
            <button type="button" onClick={openDevices}>
              {deviceWords.open}
            </button>
            <button type="button" onClick={openLetters}>
              {letterWords.open}
            </button>
          </>
        )}
        <button type="button" onClick={signOut}>
          {words.signOut} · {session?.name}
        </button>
      </div>
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
              <TaskRow key={card.task.taskId} card={card} take={take} />
            ))}
          </ul>
        </section>
      )}
    </>
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

interface CardProps {
  card: TaskCard;
  take(card: TaskCard): void;
}

function NextTask({ card, take }: CardProps) {
  const { task } = card;
  return (
    <section className={`next ${card.urgency}`}>
      <p className="label">
        {words.next} · {urgency[card.urgency]}
      </p>
      <h2>{task.productName}</h2>
      <p className="route">
        <b>{amountText(task.quantity)}</b>
        <span>{task.fromPlaceName}</span>
        <span aria-hidden="true">→</span>
        <span>{task.slotName}</span>
      </p>
      <p className="why">{task.explanation}</p>
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
      return words.takenBy(card.task.claimedByName);
    case 'blocked':
      return words.blocked;
    default:
      return urgency[card.urgency];
  }
}

function TaskRow({ card, take }: CardProps) {
  const { task, standing } = card;
  const isOurs = standing === 'open' || standing === 'mine';
  return (
    <li>
      <button
        type="button"
        className={`task ${card.urgency} ${standing}`}
        disabled={!isOurs}
        onClick={() => take(card)}
      >
        <b>{task.productName}</b>
        <span>{amountText(task.quantity)}</span>
        <span>
          {task.fromPlaceName} → {task.slotName} · {task.slotId}
        </span>
        <em>{standingText(card)}</em>
      </button>
    </li>
  );
}
