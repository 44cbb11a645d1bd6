import type {
  DeviceView,
  ModelChoice,
  SlotChoice,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { DeviceKind } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { useState } from 'react';
import { deviceWords as words } from '../../strings/device-words.ts';
import {
  assignmentOf,
  chooseKind,
  chooseSlot,
  firstApproval,
  matchingSlots,
  possibleKinds,
  slotsNeeded,
  slotsShown,
} from '../../view-models/device-approval.ts';
import type { Devices } from '../use-devices.ts';

interface DeviceApprovalProps {
  device: DeviceView;
  slots: readonly SlotChoice[];
  models: readonly ModelChoice[];
  decide: Devices['decide'];
}

/** What a manager says of a new device: what it is, where it looks, what empty means. */
export function DeviceApproval({ device, slots, models, decide }: DeviceApprovalProps) {
  const [approval, setApproval] = useState(() => firstApproval(device));
  const [typed, setTyped] = useState('');
  const { deviceId } = device;
  // Master data describes it already: it was blocked, and may speak again.
  const isListed = device.kind !== DeviceKind.UNSPECIFIED;
  const assignment = isListed ? undefined : assignmentOf(device, approval);
  const approve = () => {
    const value = assignment ? { deviceId, assignment } : { deviceId };
    void decide({ case: 'approveDevice', value });
  };
  const fitting = models.filter(({ kind }) => kind === approval.kind);
  const needed = slotsNeeded(approval.kind);
  return (
    <div className="approval">
      {!isListed && (
        <fieldset className="reasons">
          <legend>{words.approveTitle}</legend>
          {possibleKinds(device).map((kind) => (
            <button
              key={kind}
              type="button"
              aria-pressed={approval.kind === kind}
              onClick={() => setApproval(chooseKind(approval, kind))}
            >
              {words.kinds[kind]}
            </button>
          ))}
        </fieldset>
      )}
      {!isListed && fitting.length > 0 && (
        <fieldset className="reasons">
          <legend>{words.whichModel}</legend>
          {[...fitting, null].map((model) => (
            <button
              key={model?.model ?? ''}
              type="button"
              aria-pressed={approval.model?.model === model?.model}
              onClick={() => setApproval({ ...approval, model })}
            >
              {model?.model ?? words.otherModel}
            </button>
          ))}
        </fieldset>
      )}
      {!isListed && needed !== 'none' && (
        <fieldset className="reasons slots">
          <legend>{needed === 'one' ? words.whichSlot : words.whichSlots}</legend>
          {slots.length > slotsShown && (
            <label className="empty">
              {words.findSlot}
              <input value={typed} onChange={({ target }) => setTyped(target.value)} />
            </label>
          )}
          {matchingSlots(slots, typed, approval.slotIds).map((slot) => (
            <button
              key={slot.slotId}
              type="button"
              aria-pressed={approval.slotIds.includes(slot.slotId)}
              onClick={() => setApproval(chooseSlot(approval, slot.slotId))}
            >
              <b>{slot.productName}</b> {slot.slotId} · {slot.slotName}
              {slot.unwatched && <small> · {words.unwatched}</small>}
            </button>
          ))}
        </fieldset>
      )}
      {!isListed && needed === 'one' && (
        <label className="empty">
          {approval.kind === DeviceKind.DISTANCE ? words.emptyMillimetres : words.emptyGrams}
          <input
            inputMode="numeric"
            value={approval.emptyText}
            onChange={({ target }) => setApproval({ ...approval, emptyText: target.value })}
          />
        </label>
      )}
      <button
        type="button"
        className="primary"
        disabled={!isListed && assignment === null}
        onClick={approve}
      >
        {words.approve}
      </button>
    </div>
  );
}
