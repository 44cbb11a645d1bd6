import type { LookUpResponse } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { english } from '../../strings/english.ts';
import { amountText } from '../amount.ts';

const { lookUp: words } = english;

export function LookUpScreen({ found, close }: { found: LookUpResponse; close(): void }) {
  return (
    <section className="look-up">
      <p className="label">{words.title}</p>
      <h1>{found.productName}</h1>
      <p className="gtin">{found.gtin}</p>
      <div className="columns">
        <div>
          <h2>
            {words.shelf} · {amountText(found.salesFloor)}
          </h2>
          <ul>
            {found.slots.map((slot) => (
              <li key={slot.slotId}>
                {slot.slotName} · <b>{amountText(slot.believed)}</b>{' '}
                {words.of(amountText(slot.capacity))}
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h2>
            {words.backroom} · {amountText(found.backroom)}
          </h2>
          <ul>
            {found.bins.map((bin) => (
              <li key={bin.placeId}>
                {bin.placeName} · <b>{amountText(bin.onHand)}</b>
              </li>
            ))}
          </ul>
        </div>
      </div>
      <button type="button" className="primary" onClick={close}>
        {words.close}
      </button>
    </section>
  );
}
