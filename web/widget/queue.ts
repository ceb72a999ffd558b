import { endpoint } from './config.ts';
import { load, newKey, save } from './storage.ts';

/** A submission that waits for its answer. The browser keeps it until the gateway confirms it. */
interface Waiting {
  readonly key: string;
  readonly body: string;
  readonly at: number;
}

/** The gateway's answer to a submission. */
export type Outcome =
  | { readonly ok: true; readonly text?: string | undefined }
  | { readonly ok: false; readonly detail: string };

const name = `queue.${endpoint}`;
const maxWait = 7 * 86_400_000;
const listeners = new Map<string, (outcome: Outcome | null) => void>();
let pause = 1000;
let timer: ReturnType<typeof setTimeout> | undefined;
let running = false;

const waiting = () => (load<Waiting[]>(name) ?? []).filter(({ at }) => Date.now() - at < maxWait);

/** Sends a submission, now or when the gateway is back. `onOutcome` gets its answer, and null each time it has to wait. */
export function submit(fields: Record<string, unknown>, onOutcome: (outcome: Outcome | null) => void): void {
  const key = newKey();
  listeners.set(key, onOutcome);
  save(name, [...waiting(), { key, body: JSON.stringify({ ...fields, _pb_key: key }), at: Date.now() }]);
  void flush();
}

/** Sends everything that waits, also from earlier pages. The key keeps two tabs from submitting it twice. */
export async function flush(): Promise<void> {
  if (running) return;
  running = true;
  clearTimeout(timer);
  for (let one = waiting()[0]; one; one = waiting()[0]) {
    const { key, body, at } = one;
    const outcome = await attempt(body, at);
    listeners.get(key)?.(outcome);
    if (!outcome) {
      timer = setTimeout(flush, pause);
      pause = Math.min(pause * 2, 60_000);
      break;
    }
    pause = 1000;
    save(
      name,
      waiting().filter((other) => other.key !== key),
    );
  }
  running = false;
}

/** Null if it was neither accepted nor refused: no answer, too many requests, or a server error. */
async function attempt(body: string, at: number): Promise<Outcome | null> {
  try {
    // Plain text needs no preflight request.
    const answer = await fetch(`${endpoint}?_pb_waited=${Date.now() - at}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/plain' },
      credentials: 'omit',
      keepalive: body.length < 60_000,
    });
    if (answer.status >= 500 || answer.status === 429) return null;
    // Anything else that answers (a hotel's login page) sends no JSON and does not count.
    const { ok, detail, callback } = (await answer.json()) as {
      ok?: boolean;
      detail: string;
      callback?: { text: string };
    };
    return ok ? { ok, text: callback?.text } : { ok: false, detail };
  } catch {
    return null;
  }
}

addEventListener('online', () => void flush());
