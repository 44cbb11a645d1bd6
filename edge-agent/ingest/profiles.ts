/** Profiles of device models come from a file of the store's IT; the log holds those in force. */
import type { DeviceProfilesApplied } from '@stockhand/proto/events/v1alpha/device_events_pb.js';
import { profileOf } from '../catalogue/device-profile.ts';
import { agentActor, type Recorder } from '../events/recorder.ts';
import type { Outcome } from '../input.ts';

export function takeProfiles(recorder: Recorder, applied: DeviceProfilesApplied): Outcome {
  const { version, profiles } = applied;
  recorder.attribute(`profiles/${encodeURIComponent(version)}`, agentActor);
  const { facts } = recorder.state.catalogue;
  const isSame =
    facts.profilesVersion === version &&
    JSON.stringify(facts.profiles) === JSON.stringify(profiles.map(profileOf));
  if (isSame) return { kind: 'unchanged' };
  recorder.record('deviceProfilesApplied', { version, profiles });
  return { kind: 'accepted' };
}
