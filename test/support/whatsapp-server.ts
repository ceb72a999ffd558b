import { type Answered, type Asked, formParts, json, ScriptedService } from './scripted-service.ts';
import { listTemplates, type ScriptedTemplate, scriptedTemplate, templateFault } from './whatsapp-templates.ts';

/** What the Cloud API accepted. */
export interface WhatsappTaken {
  readonly to: string;
  readonly text: string;
  readonly type: string;
  readonly file: string | null;
  readonly marker: string;
  /** The `template` of a template message. */
  readonly template: unknown;
}

/** The methods of the Cloud API that we use, as strict as documented (developers.facebook.com/docs/whatsapp/cloud-api). */
export class WhatsappServer extends ScriptedService {
  readonly token = 'EAAG-system-user-token';
  readonly messages: WhatsappTaken[] = [];
  /** What clients were shown: `typing MESSAGE`, `read MESSAGE`. */
  readonly marks: string[] = [];
  /** Files by their media id. */
  readonly files = new Map<string, Buffer>();
  /** Whether the client wrote within the last 24 hours. */
  windowOpen = true;
  root = '';
  /** Runs between taking a message and answering. */
  onTaken: () => Promise<void> = async () => {};
  /** The templates of the business account 9090. */
  templates: ScriptedTemplate[] = [scriptedTemplate('answer', [{ type: 'BODY', text: '{{1}}' }])];
  /** The most templates of one page. */
  templatesPerPage = 100;

  constructor() {
    super((asked) => this.#answer(asked));
  }

  async #answer(asked: Asked): Promise<Answered> {
    if (asked.headers.authorization !== `Bearer ${this.token}`) return fail(401, 190, 'Invalid OAuth access token');
    const [, first = '', second] = /^\/v23\.0\/([^/]+)(?:\/(\w+))?$/.exec(asked.path) ?? [];
    if (asked.path.startsWith('/cdn/')) {
      const body = this.files.get(asked.path.slice(5));
      return body === undefined ? { status: 404 } : { body };
    }
    if (asked.method === 'GET' && first === '9090' && second === 'message_templates')
      return listTemplates(this.templates, asked, this.templatesPerPage);
    if (asked.method === 'GET' && first === '1010') return json({ id: '1010' });
    if (asked.method === 'GET' && this.files.has(first))
      return json({ id: first, url: `${this.root}/cdn/${first}`, mime_type: 'image/jpeg' });
    if (asked.method === 'POST' && first === '1010' && second === 'media') return this.#upload(asked);
    if (asked.method === 'POST' && first === '1010' && second === 'messages') {
      const answer = this.#send(JSON.parse(String(asked.body)));
      await this.onTaken();
      return answer;
    }
    return fail(400, 100, 'Unsupported request');
  }

  #upload(asked: Asked): Answered {
    const form = formParts(asked);
    const { file, type, messaging_product } = form;
    if (String(messaging_product?.body) !== 'whatsapp' || type === undefined || file?.filename == null)
      return fail(400, 100, 'Invalid parameter');
    const id = `media${this.files.size + 1}`;
    this.files.set(id, file.body);
    return json({ id });
  }

  #mark({ message_id, typing_indicator, ...rest }: Record<string, unknown>): Answered {
    const isTyping = JSON.stringify(typing_indicator) === '{"type":"text"}';
    const isKnown = isTyping || typing_indicator === undefined;
    if (rest.messaging_product !== 'whatsapp' || Object.keys(rest).length !== 2 || !isKnown)
      return fail(400, 100, 'Invalid parameter');
    if (!/^wamid\./.test(String(message_id))) return fail(400, 100, 'Invalid message_id');
    this.marks.push(`${isTyping ? 'typing' : 'read'} ${message_id}`);
    return json({ success: true });
  }

  #send(given: Record<string, unknown>): Answered {
    if (given.status === 'read') return this.#mark(given);
    const to = String(given.to ?? given.recipient ?? '');
    const type = String(given.type);
    if (given.messaging_product !== 'whatsapp' || to === '') return fail(400, 100, 'Invalid parameter');
    const part = (given[type] ?? {}) as Record<string, unknown>;
    if (!this.windowOpen && type !== 'template') return fail(400, 131047, 'Re-engagement message');
    if (type === 'text' && (typeof part.body !== 'string' || part.body === '' || part.body.length > 4096))
      return fail(400, 100, 'Invalid body');
    const media = this.files.get(String(part.id));
    if (type !== 'text' && type !== 'template' && media === undefined) return fail(400, 100, 'Invalid media id');
    const fault = type === 'template' ? templateFault(this.templates, part, (id) => this.files.has(String(id))) : null;
    if (fault !== null) return fault;
    const components = part.components as { parameters: { text: string }[] }[] | undefined;
    const text = String(part.body ?? part.caption ?? components?.[0]?.parameters[0]?.text ?? '');
    this.messages.push({
      to,
      text,
      type,
      file: media === undefined ? null : String(media),
      marker: String(given.biz_opaque_callback_data),
      template: given.template,
    });
    return json({
      messaging_product: 'whatsapp',
      contacts: [{ input: to, wa_id: to }],
      messages: [{ id: `wamid.out${this.messages.length}` }],
    });
  }
}

function fail(status: number, code: number, message: string): Answered {
  return json({ error: { message, type: 'OAuthException', code, fbtrace_id: 'x' } }, status);
}
