/** All scale protocols, by the names that device profiles and the decode command use. */

import type { Codec } from '../codec.ts';
import { and } from './and.ts';
import { casEnq } from './cas-enq.ts';
import { cas10, cas18, cas22 } from './cas-lines.ts';
import { dialog06 } from './dialog06.ts';
import { magellanSingleCable } from './magellan-single-cable.ts';
import { mtSics } from './mt-sics.ts';
import { nciEcr } from './nci-ecr.ts';
import { ohaus } from './ohaus.ts';
import { sma } from './sma.ts';
import { toledo8213 } from './toledo-8213.ts';
import { datalogicSasi, toledo8217 } from './toledo-8217.ts';
import { toledoContinuous } from './toledo-continuous.ts';

export const scaleCodecs: readonly Codec[] = [
  mtSics,
  toledo8217,
  datalogicSasi,
  magellanSingleCable,
  toledo8213,
  toledoContinuous,
  dialog06,
  nciEcr,
  sma,
  cas22,
  cas18,
  cas10,
  casEnq,
  and,
  ohaus,
];
