import { planWords as words } from '../strings/plan-words.ts';
import { mapRoute } from '../view-models/map-route.ts';
import { routeRows } from '../view-models/route-list.ts';
import { storeDrawing } from '../view-models/store-drawing.ts';
import { StoreMap } from './store-map.tsx';
import type { Kiosk } from './use-kiosk.ts';
import { usePlan } from './use-plan.ts';

interface WalkMapProps {
  kiosk: Kiosk;
  taskId: string;
}

/** Where to walk for one task; nothing where the plan or the map does not know. */
export function WalkMap({ kiosk, taskId }: WalkMapProps) {
  const { list } = usePlan(kiosk);
  const row = list?.routes.flatMap(routeRows).find((one) => one.taskId === taskId);
  const drawing = list && row && storeDrawing(list.map, list.walks);
  if (!drawing || !row) return null;
  const { legs, stops } = mapRoute(drawing, [{ ...row, number: 1 }]);
  return (
    <figure className="walk-map">
      <StoreMap
        drawing={drawing}
        legs={legs}
        stops={stops.map((stop) => ({ ...stop, label: '●' }))}
        label={words.walkMap}
      />
    </figure>
  );
}
