/**
 * Lets a rule of the policy in force decide. A rule that fails on some input is disabled from then on,
 * with an exception for HQ, and the built-in one holds in its place; all other rules go on. Both are
 * events, so that a replay knows which rule held when.
 */
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type { EventActor } from '../events/event.ts';
import type { Recorder } from '../events/recorder.ts';
import { raiseException } from '../exceptions/exception-book.ts';
import { told } from './expression.ts';
import { policyOf } from './policy.ts';
import type { Facts, RuleName } from './settings.ts';

const faultTextLimit = 500;

/** What the rule says; null: the built-in rule holds, and the caller carries it out. */
export function decide(recorder: Recorder, name: RuleName, facts: () => Facts): boolean | null {
  const rule = policyOf(recorder.state.policy).ruleOf(name);
  if (rule === null) return null;
  try {
    return rule(facts());
  } catch (error) {
    disable(recorder, name, told(error)[0].slice(0, faultTextLimit));
    return null;
  }
}

function disable(recorder: Recorder, rule: RuleName, fault: string): void {
  const { version } = recorder.state.policy;
  const facts = { rule, policyVersion: version, fault };
  const causedBy = recorder.record('policyRuleDisabled', facts, { actor: policyActor(recorder) });
  raiseException(recorder, {
    type: 'policy-rule-failed',
    causeKey: ruleFailedKey(rule),
    subjects: [rule],
    evidence: `Rule ${rule} of policy ${version} failed (${fault}); the built-in rule holds instead.`,
    causedBy,
  });
}

export function ruleFailedKey(rule: string): string {
  return `policy-rule/${rule}`;
}

function policyActor(recorder: Recorder): EventActor {
  return { kind: ActorKind.RULE, id: 'policy', detail: recorder.state.policy.version };
}

/** The actor of a decision of the rule: its name, and the version of the policy that decided. */
export function ruleActor(recorder: Recorder, rule: RuleName): EventActor {
  return { kind: ActorKind.RULE, id: rule, detail: recorder.state.policy.version };
}
