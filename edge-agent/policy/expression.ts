/** CEL expressions of a policy: parsed and type-checked once, evaluated at each decision. */
import { Environment } from '@marcbachmann/cel-js';
import { type Facts, type RuleName, rules } from './settings.ts';

export interface ExpressionFault {
  message: string;
  /** Character of the expression at which it stands, from 0. */
  offset: number;
}

/** Throws what the evaluation says when the facts lead to none, for example a division by zero. */
export type Decide = (facts: Facts) => boolean;

/** Longest expression: a rule beyond this is a program, and cannot be read. */
export const expressionLimit = 2_000;

const environments = new Map<RuleName, Environment>();

function environmentOf(rule: RuleName): Environment {
  const known = environments.get(rule);
  if (known !== undefined) return known;
  const limits = { maxAstNodes: 1_000, maxDepth: 50, maxListElements: 500 };
  const environment = new Environment({ limits });
  for (const [fact, type] of Object.entries(rules[rule].facts)) {
    environment.registerVariable(fact, type);
  }
  environments.set(rule, environment);
  return environment;
}

export function compileRule(
  rule: RuleName,
  expression: string,
): { ok: true; decide: Decide } | { ok: false; fault: ExpressionFault } {
  const fault = (message: string, offset = 0) =>
    ({ ok: false, fault: { message, offset } }) as const;
  if (expression.trim() === '') return fault('the rule is unfinished: an expression is missing');
  if (expression.length > expressionLimit) return fault(`at most ${expressionLimit} characters`);
  try {
    const parsed = environmentOf(rule).parse(expression);
    const checked = parsed.check();
    if (checked.error !== undefined) return fault(...told(checked.error));
    if (checked.type !== 'bool') return fault(`gives ${checked.type}, a rule gives bool`);
    return {
      ok: true,
      decide: (facts) => {
        const answer: unknown = parsed(facts);
        if (typeof answer !== 'boolean') throw new Error(`gave ${typeof answer}, not a boolean`);
        return answer;
      },
    };
  } catch (error) {
    return fault(...told(error));
  }
}

/** What an error of the parser, the checker or an evaluation says, in one line, and where. */
export function told(error: unknown): [message: string, offset: number] {
  if (!(error instanceof Error)) return [String(error), 0];
  const { summary, range } = error as { summary?: unknown; range?: { start: number } };
  const message = typeof summary === 'string' ? summary : error.message;
  return [message.split('\n')[0] ?? '', range?.start ?? 0];
}
