/** All scale protocols, by the names that device profiles and the decode command use. */

import type { Codec } from '../codec.ts';
import { mtSics } from './mt-sics.ts';

export const scaleCodecs: readonly Codec[] = [mtSics];
