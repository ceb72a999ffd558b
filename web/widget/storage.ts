const memory: Record<string, string> = {};

/** A value that the browser keeps under `patchbay.NAME`, or this page alone if storage is not available. */
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

/** A unique key. Browsers offer `randomUUID` on secure pages only. */
export function newKey(): string {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
}
