const memory: Record<string, string> = {};

/** What the browser keeps across pages under `patchbay.NAME`, or this page alone where it keeps nothing. */
export function load<T>(name: string): T | null {
  let text = memory[name];
  try {
    text = localStorage.getItem(`patchbay.${name}`) ?? text;
  } catch {}
  return text === undefined ? null : JSON.parse(text);
}

/** Keeps a value. */
export function save(name: string, value: unknown): void {
  memory[name] = JSON.stringify(value);
  try {
    localStorage.setItem(`patchbay.${name}`, memory[name]);
  } catch {}
}

/** A name that nothing else has; browsers give a good one on secure pages only. */
export function newKey(): string {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
}
