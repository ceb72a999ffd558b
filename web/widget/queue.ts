import { endpoint } from './config.ts';
import { load, newKey, save } from './storage.ts';

/** A submission that waits for its answer: kept by the browser until the gateway says it has it. */
interface Waiting {
  readonly key: string;
  readonly body: string;
  readonly at: number;
}

/** What became of a submission: `false` while the gateway is away. */
export type Outcome =
  | { readonly ok: true; readonly text?: string | undefined }
  | { readonly ok: false; readonly detail: string };

const name = `queue.${endpoint}`;
const longestWait = 7 * 86_400_000;
const listeners = new Map<string, (outcome: Outcome | null) => void>();
let pause = 1000;
let timer: ReturnType<typeof setTimeout> | undefined;
let running = false;

const waiting = () => (load<Waiting[]>(name) ?? []).filter(({ at }) => Date.now() - at < longestWait);

/** Sends a submission, now or when the gateway is there again; `told` hears what became of it, null each time it must wait. */
export function submit(fields: Record<string, unknown>, told: (outcome: Outcome | null) => void): void {
  const key = newKey();
  listeners.set(key, told);
  save(name, [...waiting(), { key, body: JSON.stringify({ ...fields, _pb_key: key }), at: Date.now() }]);
  void flush();
}

/** Sends what waits, also from pages before. The key makes a submission that another tab sends too the same one. */
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

/** Null where it was neither taken nor refused: no answer, too many at once, trouble there. */
async function attempt(body: string, at: number): Promise<Outcome | null> {
  try {
    // Plain text needs no preflight: one question less on a slow network.
    const answer = await fetch(`${endpoint}?_pb_waited=${Date.now() - at}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/plain' },
      credentials: 'omit',
      keepalive: body.length < 60_000,
    });
    if (answer.status >= 500 || answer.status === 429) return null;
    // Whatever else answers here (a hotel's log-in page) speaks no JSON, and is no answer.
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
