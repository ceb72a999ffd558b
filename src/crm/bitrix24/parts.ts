import type { HttpClient } from '../../runtime/http/client.ts';
import type { CoreContext } from '../contract.ts';
import type { Portal } from './api/portal.ts';
import type { Cards } from './cards/cards.ts';
import type { ChatQueues } from './open-lines/chat-queues.ts';
import type { LineTroubles } from './open-lines/line-troubles.ts';
import type { Bitrix24Config } from './schema.ts';
import type { Dictionary } from './unknown/dictionary.ts';
import type { Users } from './users/users.ts';

/** What the parts of this core share. */
export interface Bitrix24Parts {
  readonly config: Bitrix24Config;
  readonly context: CoreContext;
  readonly portal: Portal;
  /** For uploads to addresses that the portal names. */
  readonly http: HttpClient;
  readonly users: Users;
  readonly dictionary: Dictionary;
  /** Where online events are to be bound to (`event.bind`, `handler`); null for a webhook, which can't bind any. */
  readonly eventAddress: string | null;
  /** Whether we ask the portal for its events, instead of having them posted. */
  readonly polled: boolean;
  readonly cards: Cards;
  readonly chatQueues: ChatQueues;
  readonly lineTroubles: LineTroubles;
}
