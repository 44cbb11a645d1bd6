import type { SlotNeed } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { needWords as words } from '../strings/need-words.ts';
import { amountOf } from '../view-models/quantity.ts';
import { type LevelMark, shelfPicture } from '../view-models/shelf-picture.ts';
import { amountText, figureText } from './amount.ts';

const width = 1_000;
const bar = { top: 84, height: 96 };
/** Labels above the bar, and below it: neighbouring levels do not write over each other. */
const labelY = { reorder: 58, par: 24, minimum: bar.top + bar.height + 40 } as const;

/** The shelf as a bar: what is there, how sure that is, and the levels that it should hold. */
export function ShelfDrawing({ need }: { need: SlotNeed }) {
  const picture = shelfPicture(need);
  if (!picture) return null;
  const { believedPpm, leastPpm, mostPpm, marks } = picture;
  const at = (ppm: number) => (ppm / 1_000_000) * width;
  const isUnsure = believedPpm !== undefined && mostPpm > leastPpm;
  const believed = amountOf(need.believed);
  const there = believed === undefined ? words.unknown : words.there(figureText(believed));
  return (
    <figure className="shelf-drawing">
      <svg viewBox={`0 0 ${width} 230`} role="img" aria-label={there}>
        <rect className="room" y={bar.top} width={width} height={bar.height} rx="12" />
        {believedPpm !== undefined && (
          <rect className="there" y={bar.top} width={at(believedPpm)} height={bar.height} rx="12" />
        )}
        {isUnsure && (
          <rect
            className="unsure"
            x={at(leastPpm)}
            y={bar.top + bar.height - 14}
            width={at(mostPpm) - at(leastPpm)}
            height="14"
          />
        )}
        {marks.map((mark) => (
          <Mark key={mark.kind} mark={mark} x={at(mark.ppm)} />
        ))}
        <text className="end" x={width} y={labelY.minimum} textAnchor="end">
          {words.full(amountText(need.capacity))}
        </text>
      </svg>
      <figcaption>
        <b>{there}</b>
        {isUnsure && <span> · {words.between(amountText(need.least), amountText(need.most))}</span>}
      </figcaption>
    </figure>
  );
}

function Mark({ mark, x }: { mark: LevelMark; x: number }) {
  const isBelow = mark.kind === 'minimum';
  const label = labelY[mark.kind];
  const lineFrom = isBelow ? bar.top : label + 8;
  const lineTo = isBelow ? label - 24 : bar.top + bar.height;
  const anchor = x < width / 2 ? 'start' : 'end';
  return (
    <g className={mark.kind}>
      <line x1={x} x2={x} y1={lineFrom} y2={lineTo} />
      <text x={x} y={label} textAnchor={anchor}>
        {words.levels[mark.kind](figureText(mark.amount))}
      </text>
    </g>
  );
}
