/** An element of an XML document. */
export interface Element {
  /** Without its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

const piece = /<\?[^>]*\?>|<(\/?)([\p{L}_][\p{L}\d_.:-]*)((?:\s+[\p{L}_][\p{L}\d_.:-]*="[^"<]*")*)\s*(\/?)>|([^<]+)/uy;
const attribute = /([\p{L}_][\p{L}\d_.:-]*)="([^"]*)"/gu;

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Reads the XML that the platform writes: elements, attributes and texts. Throws if it is not well-formed or a prefix is not declared. */
export function readXml(source: string): Element {
  const stack: Open[] = [{ name: '', attributes: {}, children: [], text: '' }];
  const prefixes = new Set(['xmlns', 'xml']);
  piece.lastIndex = 0;
  for (let at = 0; at < source.length; at = piece.lastIndex) {
    piece.lastIndex = at;
    const found = piece.exec(source);
    if (found === null) throw new Error(`not well-formed at "${source.slice(at, at + 40)}"`);
    const [, closing, name, given = '', empty, text] = found;
    const top = stack.at(-1);
    if (top === undefined) throw new Error('more is closed than opened');
    if (text !== undefined) {
      if (/&(?!amp;|lt;|gt;|quot;|apos;|#\d+;)/.test(text)) throw new Error(`a bare & in "${text.slice(0, 40)}"`);
      top.text += text;
    } else if (name !== undefined && closing === '/') {
      if (top.name !== name) throw new Error(`</${name}> closes <${top.name}>`);
      stack.pop();
      stack.at(-1)?.children.push(finished(top));
    } else if (name !== undefined) {
      const attributes = Object.fromEntries(
        [...given.matchAll(attribute)].map(([, key = '', value = '']) => [key, value]),
      );
      for (const key of Object.keys(attributes)) if (key.startsWith('xmlns:')) prefixes.add(key.slice(6));
      for (const one of [name, ...Object.keys(attributes)])
        if (one.includes(':') && !prefixes.has(one.split(':')[0] ?? ''))
          throw new Error(`the prefix of ${one} is not declared`);
      const opened: Open = { name, attributes, children: [], text: '' };
      if (empty === '/') top.children.push(finished(opened));
      else stack.push(opened);
    }
  }
  const [root, ...others] = stack[0]?.children ?? [];
  if (root === undefined || others.length > 0 || stack.length > 1)
    throw new Error('expected one element that is closed');
  return root;
}

function finished({ name, attributes, children, text }: Open): Element {
  return { name: name.slice(name.indexOf(':') + 1), attributes, children, text: text.trim() };
}

/** The first element along a path of names, or null. */
export function at(element: Element | null, ...path: readonly string[]): Element | null {
  let found = element;
  for (const name of path) found = found?.children.find((one) => one.name === name) ?? null;
  return found;
}

/** The text at a path, or an empty one. */
export function textAt(element: Element | null, ...path: readonly string[]): string {
  return at(element, ...path)?.text ?? '';
}

/** All elements of a name, at any depth. */
export function all(element: Element, name: string): readonly Element[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}
