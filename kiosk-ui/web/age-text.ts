import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import { deviceWords } from '../strings/device-words.ts';
import { ageOf } from '../view-models/age.ts';

/** How long ago it was, in words. */
export function ageText(moment: Timestamp): string {
  const age = ageOf(timestampMs(moment), Date.now());
  return age.unit === 'now' ? deviceWords.age.now : deviceWords.age[age.unit](age.count);
}
