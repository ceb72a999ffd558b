import { type Answered, type Asked, json, ScriptedService } from './scripted-service.ts';

/** The methods of Viber's bot API that we use, as strict as documented (developers.viber.com). The HTTP status is always 200. */
export class ViberServer extends ScriptedService {
  readonly token = '445da6az1s345z78';
  readonly messages: { readonly receiver: string; readonly text: string; readonly name: string }[] = [];
  readonly files = new Map<string, Buffer>();
  webhook = '';
  root = '';
  /** The status in the answer to `send_message`. */
  refuses: number | null = null;

  constructor() {
    super((asked) => this.#answer(asked));
  }

  #answer(asked: Asked): Answered {
    if (asked.path.startsWith('/cdn/')) {
      const body = this.files.get(asked.path.slice(5));
      return body === undefined ? { status: 404 } : { body };
    }
    if (asked.headers['x-viber-auth-token'] !== this.token) return fail(2, 'invalidAuthToken');
    if (asked.body.byteLength > 30 * 1024) return fail(3, 'badData');
    const given = JSON.parse(String(asked.body)) as Record<string, unknown>;
    switch (asked.path) {
      case '/get_account_info':
        return json({ status: 0, status_message: 'ok', id: 'pa:1', name: 'Shop', webhook: this.webhook });
      case '/set_webhook':
        this.webhook = String(given.url);
        return json({ status: 0, status_message: 'ok', event_types: given.event_types });
      case '/send_message':
        return this.#send(given);
      default:
        return fail(3, 'badData');
    }
  }

  #send(given: Record<string, unknown>): Answered {
    const { name = '' } = (given.sender ?? {}) as { name?: string };
    const { receiver, text } = given;
    if (this.refuses !== null) return fail(this.refuses, 'refused');
    if (typeof receiver !== 'string' || given.type !== 'text' || name === '') return fail(4, 'missingData');
    if (typeof text !== 'string' || text.length > 7000) return fail(3, 'badData');
    this.messages.push({ receiver, text, name });
    // Larger than a JavaScript number can hold.
    return { body: `{"status":0,"status_message":"ok","message_token":4912661846655238${this.messages.length + 100}}` };
  }
}

function fail(status: number, status_message: string): Answered {
  return json({ status, status_message });
}
