import { planWords as words } from '../strings/plan-words.ts';
import type { Point, StoreDrawing } from '../view-models/store-drawing.ts';

/** A stop of the route on the map. */
export interface MapStop {
  /** What stands in the mark: "3", or "1, 4" where a place is met twice. */
  label: string;
  placeId: string;
  isNext: boolean;
}

interface StoreMapProps {
  drawing: StoreDrawing;
  /** Corners of each leg, in the order of walking. */
  legs: readonly (readonly Point[])[];
  stops: readonly MapStop[];
  /** What the picture shows, in words; the list beside it says the rest. */
  label: string;
}

const line = (points: readonly Point[]) => points.map(({ x, y }) => `${x},${y}`).join(' ');

/** Fixtures, bins and walkways, with a numbered route over them. */
export function StoreMap({ drawing, legs, stops, label }: StoreMapProps) {
  const { box, side, places, rooms, walks } = drawing;
  const unit = Math.max(box.width, box.height) / 100;
  const mark = markSize(drawing, stops, unit);
  return (
    <svg
      className="store-map"
      viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`}
      role="img"
      aria-label={label}
    >
      {rooms.map(({ area, box: room }) => (
        <g key={area} className={`room ${area}`}>
          <rect {...room} rx={unit} />
          <text x={room.x} y={room.y - unit * 1.2} fontSize={unit * 3}>
            {words.areas[area as keyof typeof words.areas]}
          </text>
        </g>
      ))}
      {walks.map(([from, to]) => {
        const [one, other] = [places.get(from), places.get(to)];
        if (!one || !other) return null;
        return (
          <line
            key={`${from}/${to}`}
            className="walk"
            strokeWidth={unit * 0.5}
            x1={one.x}
            y1={one.y}
            x2={other.x}
            y2={other.y}
          />
        );
      })}
      {[...places.values()].map(({ placeId, x, y, area }) => (
        <rect
          key={placeId}
          className={`place ${area}`}
          rx={side / 6}
          x={x - side / 2}
          y={y - side / 2}
          width={side}
          height={side}
        />
      ))}
      {legs.map((leg, index) => (
        // A leg has no other name than its place in the route.
        <polyline
          key={index}
          className={index === 0 ? 'leg next' : 'leg'}
          points={line(leg)}
          strokeWidth={unit * (index === 0 ? 1.3 : 0.8)}
        />
      ))}
      {stops.map(({ label: number, placeId, isNext }) => {
        const place = places.get(placeId);
        if (!place) return null;
        const text = markText(number);
        return (
          <g key={placeId} className={isNext ? 'stop next' : 'stop'}>
            <circle cx={place.x} cy={place.y} r={mark} strokeWidth={unit * 0.4} />
            <text
              x={place.x}
              y={place.y}
              dy="0.36em"
              textAnchor="middle"
              fontSize={mark * Math.min(1.15, 3 / text.length)}
            >
              {text}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** A place that is met often shows its first stop; the list has the others. */
function markText(label: string): string {
  const [first = '', ...rest] = label.split(', ');
  return rest.length > 1 ? `${first}…` : label;
}

const smallestMark = 1.5;
const usualMark = 4;

/** Radius of the marks: as large as neighbours allow, so that no number hides another. */
function markSize({ places }: StoreDrawing, stops: readonly MapStop[], unit: number): number {
  const points = stops.flatMap(({ placeId }) => places.get(placeId) ?? []);
  let nearest = Number.POSITIVE_INFINITY;
  points.forEach((one, index) => {
    for (const other of points.slice(index + 1)) {
      nearest = Math.min(nearest, Math.hypot(one.x - other.x, one.y - other.y));
    }
  });
  return Math.max(unit * smallestMark, Math.min(unit * usualMark, nearest / 2));
}
