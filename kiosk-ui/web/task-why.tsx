import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import type { Task } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { english } from '../strings/english.ts';
import { clockTime } from './clock-time.ts';

/** Why the task is there, with the time of its figures: what stands beside it is of now. */
export function TaskWhy({ task: { explanation, explainedAt } }: { task: Task }) {
  return (
    <p className="why">
      {explanation} {explainedAt && <small>{english.task.asOf(timeOf(explainedAt))}</small>}
    </p>
  );
}

const timeOf = (moment: Timestamp) => clockTime(moment, timestampMs(moment));
