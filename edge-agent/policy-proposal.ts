/**
 * Rules that were tried and wait for a manager: `stockhand policy dry-run --propose` lays them, with what
 * came of it, beside the database; the kiosk shows them. Once put in force they become the store's files, so
 * that the next start finds what holds.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import {
  type PolicyActivated,
  PolicyActivatedSchema,
} from '@stockhand/proto/events/v1alpha/governance_events_pb.js';
import { z } from 'zod';
import type { PolicyDeskPort, PolicyProposal } from './kiosk-api/ports.ts';
import type { PolicyFacts } from './policy/policy.ts';
import { isInForce } from './policy/policy-events.ts';
import { layerNames } from './policy/settings.ts';

const counts = z.object({ needs: z.number(), tasks: z.number(), ended: z.number() });
const estimate = z.object({ mean: z.number(), low: z.number(), high: z.number() });
const proposalSchema = z.object({
  triedAtMs: z.number(),
  days: z.number(),
  layers: z.array(z.object({ layer: z.enum(layerNames), text: z.string() })),
  policy: z.custom<JsonValue>((value) => typeof value === 'object' && value !== null),
  result: z.object({
    recorded: counts,
    inForce: counts,
    candidate: counts,
    failures: z.number(),
    firstFailure: z.string(),
    avoidedStockoutMinutes: estimate,
    avoidedLostUnits: estimate,
  }),
});
type ProposalFile = z.infer<typeof proposalSchema>;

export interface NewProposal extends Omit<ProposalFile, 'policy'> {
  policy: PolicyActivated;
}

const fileIn = (folder: string) => join(folder, 'policy-proposal.json');

function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function keepProposal(folder: string, { policy, ...rest }: NewProposal): void {
  const message = toJson(PolicyActivatedSchema, policy);
  replaceFile(fileIn(folder), JSON.stringify({ ...rest, policy: message }));
}

/**
 * Ends what a crash cut off: the proposal's rules hold by the log, but its files do not say so yet, and the
 * next look at the files would take the rules back.
 */
export function finishActivation(dataFolder: string, inForce: PolicyFacts): void {
  const desk = new PolicyDesk({ dataFolder, isFixed: false });
  const { policy } = desk.proposal() ?? {};
  if (policy !== undefined && isInForce(policy, inForce)) desk.activated();
}

export interface PolicyDeskOptions {
  dataFolder: string;
  /** The configuration names the files: the kiosk cannot change what holds. */
  isFixed: boolean;
}

export class PolicyDesk implements PolicyDeskPort {
  readonly #options: PolicyDeskOptions;

  constructor(options: PolicyDeskOptions) {
    this.#options = options;
  }

  get isFixed(): boolean {
    return this.#options.isFixed;
  }

  /** Null when none waits, or when the file is of another release. */
  proposal(): PolicyProposal | null {
    const read = this.#read();
    if (read === null) return null;
    const { triedAtMs, days, result } = read;
    return { policy: fromJson(PolicyActivatedSchema, read.policy), triedAtMs, days, result };
  }

  activated(): void {
    const { dataFolder } = this.#options;
    for (const { layer, text } of this.#read()?.layers ?? []) {
      replaceFile(join(dataFolder, `policy-${layer}.yaml`), text);
    }
    rmSync(fileIn(dataFolder), { force: true });
  }

  #read(): ProposalFile | null {
    const file = fileIn(this.#options.dataFolder);
    if (!existsSync(file)) return null;
    try {
      return proposalSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      return null;
    }
  }
}
