/** Codecs of tills: what was sold, returned, cancelled. */
import type { Codec } from '../codec.ts';
import { posJson } from './pos-json.ts';
import { poslog } from './poslog.ts';

export const tillCodecs: readonly Codec[] = [posJson, poslog];
