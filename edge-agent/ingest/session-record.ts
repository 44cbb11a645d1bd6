/** A person signed in at a kiosk or handheld; the log knows people by reference only. */
import type { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';

export interface SessionRecord {
  sessionId: string;
  personRef: string;
  role: Role;
  kioskId: string;
  signedInAtMs: number;
}

/** People signed in at one time; the oldest session gives way. */
export const sessionsLimit = 500;
