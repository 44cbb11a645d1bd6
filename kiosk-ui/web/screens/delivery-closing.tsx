import type { DeliveryView } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useState } from 'react';
import { receivingWords as words } from '../../strings/receiving-words.ts';
import { deliveryCard } from '../../view-models/delivery-list.ts';
import type { Deliveries } from '../use-deliveries.ts';

interface DeliveryClosingProps {
  delivery: DeliveryView;
  isLead: boolean;
  decide: Deliveries['decide'];
}

/** The two ends of a delivery that a lead decides: nothing more comes, or all of it goes back. */
export function DeliveryClosing({ delivery, isLead, decide }: DeliveryClosingProps) {
  const [asking, setAsking] = useState<'nothing' | 'close' | 'refuse'>('nothing');
  const { deliveryId, lines } = delivery;
  const { linesChecked } = deliveryCard(delivery);
  const end = (refuse: boolean, reason: string) =>
    void decide({ case: 'closeDelivery', value: { deliveryId, refuse, reason } });
  if (!isLead) return <p className="why">{words.leadsOnly}</p>;
  if (asking === 'close') {
    return (
      <fieldset className="reasons">
        <legend>{words.closeWarning(lines.length - linesChecked)}</legend>
        <button type="button" onClick={() => end(false, '')}>
          {words.closeYes}
        </button>
        <button type="button" onClick={() => setAsking('nothing')}>
          {words.never}
        </button>
      </fieldset>
    );
  }
  if (asking === 'refuse') {
    return (
      <fieldset className="reasons">
        <legend>{words.whyRefuse}</legend>
        {words.refuseReasons.map((reason) => (
          <button key={reason} type="button" onClick={() => end(true, reason)}>
            {reason}
          </button>
        ))}
        <button type="button" onClick={() => setAsking('nothing')}>
          {words.never}
        </button>
      </fieldset>
    );
  }
  return (
    <div className="ways-out">
      <button type="button" onClick={() => setAsking('close')}>
        {words.closeAll}
      </button>
      {linesChecked === 0 && (
        <button type="button" onClick={() => setAsking('refuse')}>
          {words.refuse}
        </button>
      )}
    </div>
  );
}
