import { Parser } from 'htmlparser2';

/** An element of a document. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Building extends XmlElement {
  readonly children: XmlElement[];
  text: string;
  readonly scope: ReadonlyMap<string, string>;
}

/** Reads a document; null if it is not well-formed. */
export function readXml(text: string): XmlElement | null {
  const root: Building = { name: '', namespace: '', attributes: {}, children: [], text: '', scope: new Map() };
  const open: Building[] = [root];
  let isSound = true;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const parent = open.at(-1) ?? root;
        const scope = new Map(parent.scope);
        for (const [key, value] of Object.entries(attributes))
          if (key === 'xmlns' || key.startsWith('xmlns:')) scope.set(key.slice('xmlns:'.length), value);
        const [prefix, local] = name.includes(':') ? name.split(':') : ['', name];
        const element = {
          name: local ?? '',
          namespace: scope.get(prefix ?? '') ?? '',
          attributes,
          children: [],
          text: '',
          scope,
        };
        parent.children.push(element);
        open.push(element);
      },
      ontext(piece) {
        const current = open.at(-1);
        if (current !== undefined) current.text += piece;
      },
      onclosetag(_, isImplied) {
        // An element that closes itself counts as implied as well.
        if (isImplied && !text.slice(parser.startIndex, parser.endIndex + 1).endsWith('/>')) isSound = false;
        open.pop();
      },
      onerror() {
        isSound = false;
      },
    },
    { xmlMode: true },
  );
  parser.end(text);
  const [document] = root.children;
  return isSound && root.children.length === 1 && document !== undefined ? document : null;
}

/** The first element of that name below an element. */
export function childOf(element: XmlElement | null | undefined, name: string): XmlElement | null {
  return element?.children.find((child) => child.name === name) ?? null;
}
