/**
 * A small XML document as a tree of elements by local name. Document types, and with them all
 * entities of one's own, are refused: nothing in a till's document needs them, and they are how a
 * document of a few lines fills the memory or reads files.
 */
import { SaxesParser } from 'saxes';
import { Refusal, refuse } from './refusal.ts';

export interface XmlElement {
  /** Without its prefix. */
  name: string;
  /** By local name. */
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** Text directly within, outside of children. */
  text: string;
}

const maxDepth = 64;
const maxElements = 50_000;

/** Text of the document by its byte order mark, or else by what its first line declares. */
function documentText(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 120));
  const [first, second] = bytes;
  const declared = /^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1];
  const byMark =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : undefined;
  const encoding = byMark ?? declared?.toLowerCase() ?? 'utf-8';
  const known = ['utf-8', 'us-ascii', 'iso-8859-1', 'windows-1252', 'utf-16le', 'utf-16be'];
  if (!known.includes(encoding)) refuse('bad-charset', `the encoding ${encoding} is not known`);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return refuse('bad-charset', `the document is not ${encoding}`);
  }
}

class TreeBuilder {
  readonly #root: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  readonly #open: XmlElement[] = [this.#root];
  #count = 0;

  #innermost(): XmlElement {
    return this.#open.at(-1) ?? this.#root;
  }

  start(name: string, attributes: ReadonlyMap<string, string>): void {
    this.#count += 1;
    if (this.#open.length > maxDepth) refuse('oversize', `more than ${maxDepth} levels`);
    if (this.#count > maxElements) refuse('oversize', `more than ${maxElements} elements`);
    const element: XmlElement = { name, attributes, children: [], text: '' };
    this.#innermost().children.push(element);
    this.#open.push(element);
  }

  text(text: string): void {
    this.#innermost().text += text;
  }

  end(): void {
    this.#open.pop();
  }

  root(): XmlElement {
    return this.#root.children[0] ?? refuse('bad-xml', 'no element');
  }
}

/** Reads a document. Refuses with bad-charset, bad-xml, doctype-forbidden or oversize. */
export function readXml(bytes: Uint8Array): XmlElement {
  const text = documentText(bytes);
  const parser = new SaxesParser({ xmlns: true, position: false });
  const tree = new TreeBuilder();
  parser.on('doctype', () => refuse('doctype-forbidden', 'the document has a DOCTYPE'));
  parser.on('error', (error) => refuse(xmlFault(text), error.message.slice(0, 200)));
  parser.on('opentag', ({ local, attributes }) => {
    const members = Object.values(attributes).filter(({ prefix }) => prefix !== 'xmlns');
    tree.start(local, new Map(members.map((member) => [member.local, member.value])));
  });
  parser.on('text', (found) => tree.text(found));
  parser.on('cdata', (found) => tree.text(found));
  parser.on('closetag', () => tree.end());
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    refuse(xmlFault(text), error instanceof Error ? error.message : String(error));
  }
  return tree.root();
}

/** A document type that breaks off is still one. */
function xmlFault(text: string): 'doctype-forbidden' | 'bad-xml' {
  return /^\s*(?:<\?[^>]*\?>\s*)?<!DOCTYPE/i.test(text) ? 'doctype-forbidden' : 'bad-xml';
}

/** The first child of one of these names. */
export function child(element: XmlElement, ...names: string[]): XmlElement | undefined {
  for (const name of names) {
    const found = element.children.find((candidate) => candidate.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((candidate) => candidate.name === name);
}

/** The trimmed text of the first child of one of these names; undefined where absent or empty. */
export function childText(element: XmlElement, ...names: string[]): string | undefined {
  const text = child(element, ...names)?.text.trim();
  return text === '' ? undefined : text;
}
