import type { LabourHour } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { labourWords as words } from '../strings/labour-words.ts';
import { type LabourBar, labourBars } from '../view-models/labour-bars.ts';
import { clockTimeAt } from './clock-time.ts';

interface LabourBarsProps {
  hours: readonly LabourHour[];
  nowMs: number;
}

const percent = (ppm: number) => `${ppm / 10_000}%`;

/** Hour by hour, what there is to do against who is there to do it; a table whose cells are bars. */
export function LabourBars({ hours, nowMs }: LabourBarsProps) {
  return (
    <table className="labour-bars">
      <thead>
        <tr>
          <th scope="col">{words.hour}</th>
          <th scope="col">
            <span className="key load">{words.legend.work}</span>{' '}
            <span className="key inbound">{words.legend.inbound}</span>{' '}
            <span className="key hands">{words.legend.hands}</span>
          </th>
          <th scope="col">{words.work}</th>
          <th scope="col">{words.hands}</th>
        </tr>
      </thead>
      <tbody>
        {labourBars(hours).map((bar) => (
          <tr key={bar.fromMs} className={bar.shortMinutes > 0 ? 'short' : ''}>
            <th scope="row">{clockTimeAt(bar.fromMs, nowMs)}</th>
            <td className="bars">
              <Bars bar={bar} />
            </td>
            <td>
              {words.minutes(bar.loadMinutes + bar.inboundMinutes)}
              {bar.shortMinutes > 0 && <em>{words.short(bar.shortMinutes)}</em>}
            </td>
            <td>{words.minutes(bar.handsMinutes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Bars({ bar: { loadPpm, inboundPpm, handsPpm } }: { bar: LabourBar }) {
  return (
    <div className="bar-pair" aria-hidden="true">
      <i className="load" style={{ width: percent(loadPpm) }} />
      <i className="inbound" style={{ width: percent(inboundPpm) }} />
      <u style={{ width: percent(handsPpm) }} />
    </div>
  );
}
