/**
 * YAML that is checked against a schema, with every fault told by line, field, what was expected and
 * what was found.
 */
import { isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';

export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(file: string, faults: readonly string[]) {
    super(`${file} cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** A YAML document that can say where its parts stand. */
export class YamlText {
  readonly document: ReturnType<typeof parseDocument>;
  readonly #lines = new LineCounter();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    this.document = parseDocument(text, { lineCounter: this.#lines });
  }

  /** What keeps it from being YAML. */
  get faults(): string[] {
    return [...this.document.errors, ...this.document.warnings].map(({ code, pos, message }) => {
      const quote = code === 'MISSING_CHAR' ? this.#quoteBefore(pos[0]) : undefined;
      if (quote !== undefined)
        return `${this.#at(quote)}: the quote that begins here is not closed`;
      const text = message.split('\n')[0]?.replace(/ at line \d+, column \d+:$/, '');
      return `${this.#at(pos[0])}: ${text ?? 'not YAML'}`;
    });
  }

  /** Where the quoted text begins that a missing quote would have ended: the fault itself is found far below. */
  #quoteBefore(offset: number): number | undefined {
    let start: number | undefined;
    visit(this.document, {
      Scalar: (_key, { type, range }) => {
        const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
        if (isQuoted && range && range[0] <= offset && offset <= range[2]) start = range[0];
      },
    });
    return start;
  }

  /** Line and column of a value, or of the nearest parent that is there. */
  placeOf(path: readonly PropertyKey[]): string {
    for (let length = path.length; length >= 0; length -= 1) {
      const node =
        length === 0 ? this.document.contents : this.document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.#at(node.range[0]);
    }
    return 'line 1';
  }

  /**
   * Line and column of a character of a text value. Of a text over several lines it is exact where the
   * lines are kept as written ("|"), and the start of the text otherwise.
   */
  placeInText(path: readonly PropertyKey[], offset: number): string {
    const node = this.document.getIn(path, true);
    if (!isScalar(node) || !node.range || typeof node.value !== 'string') return this.placeOf(path);
    const [start, end] = node.range;
    const before = node.value.slice(0, offset).split('\n');
    const written = this.#text.slice(start, end);
    if (node.type === 'BLOCK_LITERAL') {
      const line = this.#lines.linePos(start).line + before.length;
      const indent = /\n( *)\S/.exec(written)?.[1]?.length ?? 0;
      return `line ${line}, column ${indent + (before.at(-1)?.length ?? 0) + 1}`;
    }
    const quote = node.type === 'PLAIN' || node.type === undefined ? 0 : 1;
    return this.#at(written.includes('\n') ? start : start + quote + offset);
  }

  /** Line and column of a key. */
  placeOfKey(path: readonly PropertyKey[], key: string): string {
    const parent = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    return isScalar(pair?.key) && pair.key.range ? this.#at(pair.key.range[0]) : this.placeOf(path);
  }

  /** The value as it would be written, for a fault's text; empty where there is none or it is long. */
  found(path: readonly PropertyKey[]): string {
    const value = JSON.stringify(this.document.getIn(path)) ?? '';
    return value === '' || value.length > 60 ? '' : `, found ${value}`;
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `line ${line}, column ${col}`;
  }
}

function faultsOf(issue: z.core.$ZodIssue, text: YamlText): string[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const field = [...path, key].join('.');
      return `${text.placeOfKey(path, key)}: ${field}: there is no such setting`;
    });
  }
  const field = path.join('.') || 'the file';
  return [`${text.placeOf(path)}: ${field}: ${issue.message}${text.found(path)}`];
}

/** @throws ConfigError with every fault of the text */
export function parseChecked<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
): z.infer<Schema> {
  const yaml = new YamlText(text);
  if (yaml.faults.length > 0) throw new ConfigError(file, yaml.faults);
  let value: unknown;
  try {
    value = yaml.document.toJS();
  } catch (error) {
    // An alias that names no anchor, or so many that the document would not end.
    throw new ConfigError(file, [error instanceof Error ? error.message : String(error)]);
  }
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw new ConfigError(
    file,
    result.error.issues.flatMap((issue) => faultsOf(issue, yaml)),
  );
}
