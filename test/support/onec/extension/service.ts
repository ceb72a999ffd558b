import type {
  RemoteInteraction,
  RemoteNotification,
  RemoteUsers,
} from '../../../../src/crm/onec/extension/contract.ts';
import { contractVersion } from '../../../../src/crm/onec/extension/contract.ts';
import { type Answered, type Asked, json } from '../../scripted-service.ts';
import type { Infobase } from '../infobase.ts';
import type { People } from '../staff/people.ts';
import { type Row, rowsIn, textIn } from '../store/values.ts';
import { ExtensionClients } from './clients.ts';
import { ExtensionDocuments } from './documents.ts';
import { faultOf, type MessageName } from './schemas.ts';

/** The path of our extension's HTTP service. */
export const extensionPath = '/hs/commgw/v1';

/** How long a form that asks for calls counts as open, in milliseconds. */
const listensFor = 60_000;

/**
 * The HTTP service of our own extension for 1C, scripted by its contract (docs/onec-extension.md). What it takes and what it answers is checked
 * against the JSON Schemas of integrations/1c/contract.
 */
export class ExtensionService {
  readonly #base: Infobase;
  readonly #clients: ExtensionClients;
  readonly #documents: ExtensionDocuments;
  readonly #asked = new Map<string, number>();
  /** What is to be shown, in the order of arrival. */
  readonly notifications: RemoteNotification[] = [];

  constructor(base: Infobase, people: People) {
    this.#base = base;
    this.#clients = new ExtensionClients(base, people);
    this.#documents = new ExtensionDocuments(base);
  }

  /** Interactions by our id, as they were sent last, with the key of their document. */
  get interactions(): ExtensionDocuments['interactions'] {
    return this.#documents.interactions;
  }

  /** What the form of a user shows that has seen `after` notifications: the form asks the base every second. */
  shownTo(user: string, after = 0): readonly RemoteNotification[] {
    this.#asked.set(user, this.#base.clock.now());
    return this.notifications.filter((one) => this.#receiver(one) === user).slice(after);
  }

  /** Answers a request. `path` is what follows the service's address. */
  answer({ method, query, body }: Asked, path: string): Answered {
    switch (`${method} ${path}`) {
      case 'GET ping':
        return checked('Ping', this.#ping());
      case 'GET clients': {
        const limit = Number(query.get('limit') ?? 500);
        if (!Number.isInteger(limit) || limit < 1 || limit > 1000) return refused(400, 'limit', 'expected 1 to 1000');
        return checked('ClientsPage', this.#clients.page(query.get('cursor') ?? '', limit));
      }
      case 'GET clients/by-phone':
        return checked('ClientsFound', { items: this.#clients.byPhone(query.get('phone') ?? '') });
      case 'GET clients/by-email':
        return checked('ClientsFound', { items: this.#clients.byEmail(query.get('email') ?? '') });
      case 'GET users':
        return checked('Users', this.#users());
      case 'POST interactions':
        return this.#taken('Interaction', body, (given) => this.#write(given as RemoteInteraction));
      case 'POST notifications':
        return this.#taken('Notification', body, (given) => this.#notify(given as RemoteNotification));
      default:
        return refused(404, 'notFound', `there is no ${method} ${path}`);
    }
  }

  #taken(name: MessageName, body: Buffer, take: (given: unknown) => Answered): Answered {
    let given: unknown;
    try {
      given = JSON.parse(body.toString('utf8'));
    } catch {
      return refused(400, 'json', 'expected a JSON object');
    }
    const fault = faultOf(name, given);
    return fault === null ? take(given) : refused(422, 'invalid', fault);
  }

  #write(given: RemoteInteraction): Answered {
    const written = this.#documents.write(given);
    if (written === null) return refused(422, 'channel', `this configuration keeps no ${given.channel}`);
    return checked('Written', written);
  }

  #notify(given: RemoteNotification): Answered {
    const user = this.#receiver(given);
    if (user === null) return refused(422, 'user', 'no active user has this extension');
    this.notifications.push(given);
    const asked = this.#asked.get(user) ?? Number.NEGATIVE_INFINITY;
    return checked('Notified', { listening: this.#base.clock.now() - asked <= listensFor });
  }

  #receiver({ user, extension }: RemoteNotification): string | null {
    if (user !== null) return user;
    return this.#users().items.find((one) => one.active && one.extension === extension)?.user ?? null;
  }

  #ping(): unknown {
    const { preset = 'ut11', timezone = 'Europe/Moscow' } = this.#base.options;
    const lacks = (...sets: string[]) => !sets.some((set) => this.#base.schema.has(set));
    return {
      contract: contractVersion,
      extension: '0.1.0',
      configuration: { name: preset, version: '1.0' },
      timezone,
      now: new Date(this.#base.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      missing: [
        ...(lacks('Catalog_СделкиСКлиентами', 'Document_CRM_Интерес') ? ['deals'] : []),
        ...(lacks('Catalog_Лиды', 'Catalog_CRM_ПотенциальныеКлиенты') ? ['leads'] : []),
        ...this.#documents.missing,
      ],
    };
  }

  #users(): RemoteUsers {
    const rows = (set: string) => (this.#base.schema.has(set) ? [...this.#base.store(set).rows()] : []);
    const employees = new Map(
      rows('InformationRegister_СотрудникиПользователя').map((row) => [
        textIn(row, 'Пользователь_Key'),
        textIn(row, 'Сотрудник_Key'),
      ]),
    );
    const extensions = new Map(
      rows('InformationRegister_НастройкиПользователейТелефонии').map((row) => [
        textIn(row, 'Пользователь_Key'),
        textIn(row, 'ВнутреннийНомер'),
      ]),
    );
    return {
      items: rows('Catalog_Пользователи').map((row) => {
        const user = textIn(row, 'Ref_Key');
        return {
          id: employees.get(user) ?? user,
          user,
          name: textIn(row, 'Description'),
          email: contactOf(row, 'АдресЭП'),
          extension: extensions.get(user) ?? contactOf(row, 'Представление', /^\d{2,6}$/),
          active: row.Недействителен !== true && row.DeletionMark !== true,
        };
      }),
    };
  }
}

function contactOf(row: Row, column: string, pattern = /./): string | null {
  const values = rowsIn(row, 'КонтактнаяИнформация').map((one) => textIn(one, column));
  return values.find((value) => pattern.test(value)) ?? null;
}

/** An answer; throws if it breaks the contract, which is a fault of this script. */
function checked(name: MessageName, value: unknown): Answered {
  const fault = faultOf(name, value);
  if (fault !== null) throw new Error(`the scripted extension answers a wrong ${name}: ${fault}`);
  return json(value);
}

function refused(status: number, code: string, message: string): Answered {
  return json({ code, message, retryable: status === 503 }, status);
}
