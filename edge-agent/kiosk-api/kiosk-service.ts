/**
 * The calls of the kiosk service: who asks (session token), whether they may (roles, in the core for
 * actions), and the answer as of a durable log position.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  ConnectError,
  createContextKey,
  type HandlerContext,
  type ServiceImpl,
} from '@connectrpc/connect';
import {
  type ActRequest,
  type ActResponse,
  ActResponseSchema,
  type KioskService,
  Outcome as OutcomeCode,
  type SignInRequest,
  SignInResponseSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import type { Outcome } from '../input.ts';
import type { Clock, Log, PersonRecord, Random, RunningAgent } from '../ports.ts';
import type { State } from '../state.ts';
import { findTask } from '../views.ts';
import { callError } from './call-errors.ts';
import { isPinOf, personNamed, personOfBadge } from './credentials.ts';
import { deliveryList } from './delivery-list.ts';
import {
  deadLetterView,
  deviceViews,
  isAnyUnapproved,
  modelChoices,
  slotChoices,
} from './device-list.ts';
import { exceptionList } from './exception-list.ts';
import { metTask } from './met-task.ts';
import { PinAttempts } from './pin-attempts.ts';
import { extraHands, planView, titlesOf, withWhatIf } from './plan-view.ts';
import { policyView } from './policy-view.ts';
import type {
  DeadLetterPort,
  DeviceStatusPort,
  LetterReplayPort,
  PeoplePort,
  PolicyDeskPort,
  ReplayAnswer,
  WhatIfPort,
} from './ports.ts';
import { bearerToken, newToken, type SessionUse, sessionIdOf } from './sessions.ts';
import { taskExplanation } from './slot-need.ts';
import { stockAnswer } from './stock-answer.ts';
import type { StoreWatch } from './store-watch.ts';
import { suspectsView } from './suspect-view.ts';

/** Dead letters of one answer. */
const deadLettersLimit = 200;
/** PIN hashes worked out at one time: each takes 32 MiB and most of a tenth of a second. */
const pinChecksAtOnce = 2;
/** PINs that wait for their turn: a shift that begins. */
const pinChecksWaiting = 30;
const pinForm = /^\d{4,8}$/;
/** A badge is a scan of some 32 characters. */
const badgeTextLimit = 256;
const deskDevicesLimit = 32;

export interface KioskServiceOptions {
  agent: RunningAgent<State>;
  watch: StoreWatch;
  people: PeoplePort;
  devices: DeviceStatusPort;
  letters: DeadLetterPort;
  replays: LetterReplayPort;
  planner: WhatIfPort;
  policies: PolicyDeskPort;
  sessions: SessionUse;
  idleMs: number;
  clock: Clock;
  random: Random;
  logger: Log;
}

/** Who asks. */
interface Caller {
  sessionId: string;
  personRef: string;
  role: Role;
}

const roleByName: Readonly<Record<StaffRoleName, Role>> = {
  associate: Role.ASSOCIATE,
  lead: Role.LEAD,
  manager: Role.MANAGER,
  integrator: Role.INTEGRATOR,
  support: Role.SUPPORT,
  hq: Role.HQ,
};

const nameByRole: ReadonlyMap<Role, StaffRoleName> = new Map(
  // Object.entries forgets the type of the keys.
  Object.entries(roleByName).map(([name, role]) => [role, name as StaffRoleName]),
);

/** Runs a write whose failure means that nothing happened: the kiosk keeps its action and tries again. */
async function recorded<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw error instanceof ConnectError ? error : callError('not-recorded', { cause: error });
  }
}

/** IP address from which a call came. */
export const callerAddress = createContextKey('', { description: 'IP address of the caller' });

export class KioskCalls {
  readonly #options: KioskServiceOptions;
  readonly #attempts = new PinAttempts();
  #pinChecks = 0;
  readonly #pinTurns: (() => void)[] = [];

  constructor(options: KioskServiceOptions) {
    this.#options = options;
  }

  /** @param isLocal whether callers are on the agent's own machine. */
  service(isLocal: boolean): ServiceImpl<typeof KioskService> {
    return {
      signIn: (request) => this.#signIn(request),
      signOut: async (_request, context) => {
        const { personRef, sessionId } = await this.#caller(context);
        const input = { kind: 'sign-out', personRef, sessionId, reason: 'asked' } as const;
        await recorded(this.#options.agent.submit(input));
        return {};
      },
      watchStore: (request, context) => this.#watch(request.deskDeviceIds, isLocal, context),
      act: (request, context) => this.#act(request, context),
      lookUp: async ({ text }, context) => {
        await this.#caller(context);
        const year = new Date(this.#options.agent.moment().nowMs).getUTCFullYear();
        const answer = await recorded(
          this.#options.agent.read((state, position) => stockAnswer(state, text, year, position)),
        );
        if (!answer) throw callError('unknown-product', { field: 'text' });
        return answer;
      },
      listDevices: async (_request, context) => {
        await this.#caller(context);
        const { agent, devices } = this.#options;
        return recorded(
          agent.read((state) => ({
            devices: deviceViews(state, devices),
            // Thousands in a large store, and of use only where something is to be approved.
            slots: isAnyUnapproved(state) ? slotChoices(state) : [],
            models: modelChoices(state),
          })),
        );
      },
      listExceptions: async (_request, context) => {
        const { personRef, role } = await this.#caller(context);
        const { agent, people } = this.#options;
        const caller = {
          personRef,
          role: nameByRole.get(role) ?? 'associate',
          people: people.people(),
        };
        const { nowMs } = agent.moment();
        return recorded(
          agent.read((state, position) => exceptionList(state, caller, nowMs, position)),
        );
      },
      listDeliveries: async (_request, context) => {
        await this.#caller(context);
        const { agent } = this.#options;
        const { nowMs } = agent.moment();
        return recorded(agent.read((state, position) => deliveryList(state, nowMs, position)));
      },
      showPlan: async ({ whatIf }, context) => {
        const { personRef, role } = await this.#caller(context);
        const { agent, people, planner } = this.#options;
        const caller = { personRef, role: nameByRole.get(role) ?? 'associate' };
        const facts = { moment: agent.moment(), people: people.people(), caller };
        const view = await recorded(
          agent.read((state, asOfPosition) => planView(state, { ...facts, asOfPosition })),
        );
        if (whatIf.length === 0) return view;
        const extra = extraHands(whatIf, facts.moment.nowMs);
        const { snapshot, ...plans } = await planner.whatIf(extra);
        const titles = await recorded(agent.read((state) => titlesOf(state, snapshot)));
        return withWhatIf(view, snapshot, extra, plans, titles);
      },
      showPolicy: async (_request, context) => {
        const { role } = await this.#caller(context);
        allow(role, leading);
        const { agent, policies } = this.#options;
        const { nowMs } = agent.moment();
        const isActivatable = role === Role.MANAGER && !policies.isFixed;
        const proposal = policies.proposal();
        return recorded(
          agent.read((state) => policyView(state.policy, proposal, isActivatable, nowMs)),
        );
      },
      listSuspects: async (_request, context) => {
        const { role } = await this.#caller(context);
        allow(role, leading);
        const { agent } = this.#options;
        const moment = agent.moment();
        return recorded(agent.read((state, position) => suspectsView(state, moment, position)));
      },
      explainTask: async ({ taskId }, context) => {
        await this.#caller(context);
        const { agent } = this.#options;
        const moment = agent.moment();
        const answer = await recorded(
          agent.read((state, position) => taskExplanation(state, taskId, moment, position)),
        );
        if (!answer) throw callError('unknown-task', { field: 'task_id' });
        return answer;
      },
      listDeadLetters: async (request, context) => {
        const { role } = await this.#caller(context);
        allow(role, lookingAtDevices);
        const { limit, beforeNumber } = request;
        const { letters, replays } = this.#options;
        const found = letters.deadLetters({
          deviceId: request.deviceId,
          reason: request.reason,
          onlyOpen: request.onlyOpen,
          ...(beforeNumber > 0n && { beforeNumber: Number(beforeNumber) }),
          limit: Math.min(limit || deadLettersLimit, deadLettersLimit),
        });
        return { deadLetters: found.map((letter) => deadLetterView(letter, replays)) };
      },
      replayDeadLetter: async ({ number }, context) => {
        const { role, personRef } = await this.#caller(context);
        allow(role, mendingDevices);
        const { replays, logger } = this.#options;
        logger.info({ deadLetter: Number(number), personRef }, 'replay-asked');
        return replayAnswer(await recorded(replays.replay(Number(number))));
      },
    };
  }

  /** Signs out whoever has not used a session for long. */
  async sweep(): Promise<void> {
    const { agent, sessions, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const idle = await agent.read((state) => sessions.sweep(state.sessions, nowMs));
    for (const { personRef, sessionId } of idle) {
      await agent.submit({ kind: 'sign-out', personRef, sessionId, reason: 'idle' });
    }
  }

  /** @throws ConnectError not-signed-in, session-ended */
  async #caller(context: HandlerContext): Promise<Caller> {
    const token = bearerToken(context.requestHeader.get('authorization'));
    if (token === undefined) throw callError('not-signed-in');
    const sessionId = sessionIdOf(token);
    const { agent, sessions, clock } = this.#options;
    const caller = await recorded(
      agent.read((state) => {
        const session = state.sessions.get(sessionId);
        const member = state.catalogue.staffByRef.get(session?.personRef ?? '');
        if (!session || !member) return null;
        return { sessionId, personRef: session.personRef, role: roleByName[member.role] };
      }),
    );
    const nowMs = clock.monotonicMs();
    if (!caller || sessions.isIdle(sessionId, nowMs)) throw callError('session-ended');
    sessions.used(sessionId, nowMs);
    return caller;
  }

  async #signIn(request: SignInRequest) {
    const { agent, random, sessions, clock, idleMs } = this.#options;
    if (request.kioskId === '') throw callError('missing-field', { field: 'kiosk_id' });
    const { person, method } = await this.#identify(request.credential);
    const { personRef, name } = person;
    const known = await recorded(
      agent.read(({ catalogue }) => {
        const member = catalogue.staffByRef.get(personRef);
        return (
          member && { role: roleByName[member.role], timeZone: catalogue.facts.store.timeZone }
        );
      }),
    );
    if (!known) throw callError('unknown-person');
    const { role, timeZone } = known;
    const token = newToken(random);
    const sessionId = sessionIdOf(token);
    const { kioskId } = request;
    const input = { kind: 'sign-in', personRef, role, sessionId, kioskId, method } as const;
    const outcome = await recorded(agent.submit(input));
    if (outcome.kind === 'refused') {
      const { field = '', expected = '' } = outcome.refusals[0] ?? {};
      throw callError('bad-field', { field, expected });
    }
    sessions.used(sessionId, clock.monotonicMs());
    return create(SignInResponseSchema, {
      sessionToken: token,
      personRef,
      displayName: name,
      role,
      expiresAt: timestampFromMs(agent.moment().nowMs + idleMs),
      timeZone,
    });
  }

  async #identify(
    credential: SignInRequest['credential'],
  ): Promise<{ person: PersonRecord; method: string }> {
    const people = this.#options.people.people();
    switch (credential.case) {
      case 'badge': {
        if (credential.value.length > badgeTextLimit) {
          const expected = `at most ${badgeTextLimit} characters`;
          throw callError('bad-field', { field: 'badge', expected });
        }
        const person = personOfBadge(people, credential.value);
        if (!person) {
          this.#options.logger.warn({}, 'wrong-badge');
          throw callError('wrong-badge');
        }
        return { person, method: 'badge' };
      }
      case 'pin': {
        const { personRef, pin } = credential.value;
        const person = personNamed(people, personRef);
        if (!person) throw callError('wrong-pin');
        await this.#checkPin(person, pin);
        return { person, method: 'pin' };
      }
      default:
        throw callError('missing-field', { field: 'credential', expected: 'badge or pin' });
    }
  }

  async #checkPin({ personRef, pinHash }: PersonRecord, pin: string): Promise<void> {
    const { clock, logger } = this.#options;
    if (!pinForm.test(pin))
      throw callError('bad-field', { field: 'pin', expected: '4 to 8 digits' });
    const retryAfterMs = this.#attempts.begin(personRef, clock.monotonicMs());
    if (retryAfterMs > 0) throw callError('pin-locked', { retryAfterMs });
    if (!(await this.#inTurn(() => isPinOf(pin, pinHash)))) {
      logger.warn({ personRef }, 'wrong-pin');
      throw callError('wrong-pin');
    }
    this.#attempts.succeeded(personRef);
  }

  /** Two hashes at a time; whoever comes later waits, up to a limit. */
  async #inTurn(check: () => Promise<boolean>): Promise<boolean> {
    if (this.#pinChecks >= pinChecksAtOnce) {
      if (this.#pinTurns.length >= pinChecksWaiting) throw callError('too-many-at-once');
      await new Promise<void>((resolve) => this.#pinTurns.push(resolve));
    }
    this.#pinChecks += 1;
    try {
      return await check();
    } finally {
      this.#pinChecks -= 1;
      this.#pinTurns.shift()?.();
    }
  }

  async *#watch(deskDeviceIds: readonly string[], isLocal: boolean, context: HandlerContext) {
    if (deskDeviceIds.length > deskDevicesLimit) {
      const expected = `at most ${deskDevicesLimit}`;
      throw callError('bad-field', { field: 'desk_device_ids', expected });
    }
    const isSignedIn = context.requestHeader.has('authorization');
    const caller = isSignedIn ? await this.#caller(context) : undefined;
    yield* this.#options.watch.messages(
      {
        sessionId: caller?.sessionId,
        deskDeviceIds: new Set(deskDeviceIds),
        isLocal,
        address: context.values.get(callerAddress),
      },
      context.signal,
    );
  }

  async #act(asked: ActRequest, context: HandlerContext): Promise<ActResponse> {
    const caller = await this.#caller(context);
    const { agent, people } = this.#options;
    const { personRef, role, sessionId } = caller;
    const action = await this.#withTriedPolicy(asked);
    const input = { kind: 'action', action, personRef, role, sessionId } as const;
    const outcome = await recorded(agent.submit(input));
    if (action.action.case === 'activatePolicy' && outcome.kind !== 'refused') {
      this.#options.policies.activated();
    }
    const taskId = taskIdOf(action);
    const isRefused = outcome.kind === 'refused';
    const seen = await recorded(
      agent.read((state, position) => ({
        asOfPosition: BigInt(position),
        taskVersion: findTask(state, taskId)?.version ?? 0,
        ...(isRefused && metTask(state, taskId, people.people(), action.action.case)),
      })),
    );
    return create(ActResponseSchema, { ...actOutcome(outcome), ...seen });
  }

  /**
   * Only what was tried may be put in force here: a kiosk names it by its hash, the rules themselves are the
   * ones that were kept. @throws ConnectError bad-field
   */
  async #withTriedPolicy(asked: ActRequest): Promise<ActRequest> {
    const { actionId, action } = asked;
    if (action.case !== 'activatePolicy') return asked;
    const { agent, policies } = this.#options;
    // Sent again after its answer was lost: the core knows it.
    if (await recorded(agent.read((state) => state.actionIds.has(actionId)))) return asked;
    const policy = policies.isFixed ? undefined : policies.proposal()?.policy;
    if (policy && policy.hash !== '' && policy.hash === action.value.policy?.hash) {
      return { ...asked, action: { case: 'activatePolicy', value: { ...action.value, policy } } };
    }
    throw callError('bad-field', { field: 'policy', expected: 'the policy that was tried' });
  }
}

/** Rules and doubts are for who leads. */
const leading: readonly Role[] = [Role.LEAD, Role.MANAGER];

/** Refused payloads may hold what tills sold and people scanned. */
const lookingAtDevices: readonly Role[] = [Role.LEAD, Role.MANAGER, Role.INTEGRATOR, Role.SUPPORT];
const mendingDevices: readonly Role[] = [Role.LEAD, Role.MANAGER];

/** @throws ConnectError not-allowed */
function allow(role: Role, roles: readonly Role[]): void {
  if (roles.includes(role)) return;
  const names = roles.map((one) => Role[one].toLowerCase());
  throw callError('not-allowed', { field: 'role', expected: names.join(' or ') });
}

/** @throws ConnectError unknown-letter, not-replayable */
function replayAnswer(answer: ReplayAnswer) {
  switch (answer.kind) {
    case 'taken-in':
      return { outcome: OutcomeCode.ACCEPTED };
    case 'already-taken-in':
      return { outcome: OutcomeCode.ALREADY_DONE };
    case 'refused':
      return { outcome: OutcomeCode.REFUSED, ...answer.refusal };
    default:
      throw callError(answer.kind, { field: 'number' });
  }
}

function taskIdOf({ action }: ActRequest): string {
  return action.value !== undefined && 'taskId' in action.value ? action.value.taskId : '';
}

function actOutcome(outcome: Outcome) {
  if (outcome.kind === 'duplicate') return { outcome: OutcomeCode.ALREADY_DONE };
  if (outcome.kind !== 'refused') return { outcome: OutcomeCode.ACCEPTED };
  const [first] = outcome.refusals;
  return {
    outcome: OutcomeCode.REFUSED,
    reason: first?.reason ?? '',
    field: first?.field ?? '',
    expected: first?.expected ?? '',
  };
}
