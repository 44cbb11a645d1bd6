/** The rules in force and the ones that were tried, as a kiosk shows them. */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type ShowPolicyResponse,
  ShowPolicyResponseSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Estimate } from '../policy/dry-run.ts';
import { explainPolicy, type PolicyFacts } from '../policy/policy.ts';
import { isInForce, policyFactsOf } from '../policy/policy-events.ts';
import type { PolicyProposal } from './ports.ts';

export function policyView(
  inForce: PolicyFacts,
  tried: PolicyProposal | null,
  isActivatable: boolean,
  nowMs: number,
): ShowPolicyResponse {
  // Just put in force: its file goes in a moment.
  const proposal = tried !== null && isInForce(tried.policy, inForce) ? null : tried;
  const settings = explainPolicy(inForce).map(({ name, value, layer }) => ({
    name,
    value: String(value),
    layer,
  }));
  return create(ShowPolicyResponseSchema, {
    version: inForce.version,
    settings,
    activatable: isActivatable && proposal !== null,
    now: timestampFromMs(nowMs),
    ...(proposal === null ? {} : { proposal: proposalView(inForce, proposal) }),
  });
}

function proposalView(inForce: PolicyFacts, { policy, triedAtMs, days, result }: PolicyProposal) {
  const { recorded, inForce: again, candidate, failures, firstFailure } = result;
  const before = new Map(explainPolicy(inForce).map(({ name, value }) => [name, String(value)]));
  const changes = explainPolicy(policyFactsOf(policy)).flatMap(({ name, value }) => {
    const [old = '', after] = [before.get(name), String(value)];
    return old === after ? [] : [{ name, before: old, after }];
  });
  const known = new Set(explainPolicy(policyFactsOf(policy)).map(({ name }) => name));
  const gone = [...before]
    .filter(([name]) => !known.has(name))
    .map(([name, old]) => ({ name, before: old, after: '' }));
  return {
    policy,
    triedAt: timestampFromMs(triedAtMs),
    days,
    recorded,
    inForce: again,
    candidate,
    avoidedStockoutMinutes: inThousandths(result.avoidedStockoutMinutes),
    avoidedLostUnits: inThousandths(result.avoidedLostUnits),
    failures,
    firstFailure,
    changes: [...changes, ...gone],
  };
}

function inThousandths({ mean, low, high }: Estimate) {
  const milli = (value: number) => BigInt(Math.round(value * 1_000));
  return { meanMilli: milli(mean), lowMilli: milli(low), highMilli: milli(high) };
}
