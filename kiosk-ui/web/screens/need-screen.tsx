import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { SlotNeed, Task } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useCallback } from 'react';
import { needText, needWords as words } from '../../strings/need-words.ts';
import { needStory, toldPrediction } from '../../view-models/need-story.ts';
import { amountOf } from '../../view-models/quantity.ts';
import { ageText } from '../age-text.ts';
import { amountText, figureText } from '../amount.ts';
import { clockTime, clockTimeAt } from '../clock-time.ts';
import { FactList } from '../fact-list.tsx';
import { PageBar } from '../page-bar.tsx';
import { ShelfDrawing } from '../shelf-drawing.tsx';
import { useFresh } from '../use-fresh.ts';
import type { Kiosk } from '../use-kiosk.ts';

interface NeedScreenProps {
  kiosk: Kiosk;
  task: Task;
  close(): void;
}

/** One sentence and one picture. */
export function NeedScreen({ kiosk, task, close }: NeedScreenProps) {
  const { client } = kiosk;
  const { taskId, explanation, productName, slotName, slotId } = task;
  const read = useCallback(() => client.explainTask({ taskId }), [client, taskId]);
  const { list: answer, nowMs } = useFresh(kiosk, read);
  const need = answer?.need;
  const story =
    need && needText(needStory(need, nowMs), figureText, (atMs) => clockTimeAt(atMs, nowMs));
  return (
    <section className="record-page need">
      <PageBar title={words.title} back={words.close} close={close} />
      <p className="label">{[productName, slotName, slotId].filter(Boolean).join(' · ')}</p>
      {answer && <p className="story">{story ?? explanation}</p>}
      {need && <ShelfDrawing need={need} />}
      {need && <Numbers need={need} nowMs={nowMs} />}
      {need && <p className="why">{explanation}</p>}
    </section>
  );
}

function Numbers({ need, nowMs }: { need: SlotNeed; nowMs: number }) {
  const { emptyAt, aroseAt, inBackroom, emptySoonPpm } = need;
  const facts: [string, string][] = [[words.backroom, amountText(inBackroom)]];
  const isThere = (amountOf(need.believed)?.count ?? 0) > 0;
  if (isThere) {
    facts.push(
      [words.emptyAt, emptyAt ? clockTime(emptyAt, nowMs) : words.noEnd],
      [words.chance, words.percent(emptySoonPpm)],
    );
  }
  const prediction = toldPrediction(need);
  if (prediction !== null) {
    const { percent, atMs, rightInTen } = prediction;
    facts.push(
      [words.prediction, words.predicted(percent, clockTimeAt(atMs, nowMs))],
      [words.record, rightInTen === null ? words.likeItUnknown : words.likeIt(rightInTen)],
    );
  }
  if (aroseAt && timestampMs(aroseAt) > 0) facts.push([words.waiting, ageText(aroseAt)]);
  return <FactList facts={facts} />;
}
