import type { Clock } from '../../../src/runtime/clock.ts';
import type { OnecUser } from './access.ts';
import type { SchemaChanges } from './metadata/schema.ts';
import type { PresetName } from './presets/presets.ts';
import type { PartnerGiven } from './staff/contacts.ts';
import type { TelephonyOptions } from './telephony/service.ts';

/** How a scripted 1C is set up. */
export interface OnecOptions {
  /** Default: ut11. */
  readonly preset?: PresetName;
  readonly clock?: Clock;
  /** The zone of the server's sessions: dates carry none. Default: Europe/Moscow. */
  readonly timezone?: string;
  /** The name under which the base is published. Default: `base`. */
  readonly base?: string;
  /** Default: one user `Обмен` with the password `секрет`. */
  readonly users?: readonly OnecUser[];
  /** Attributes and objects that this base lacks, calls otherwise or limits to other lengths. */
  readonly changes?: SchemaChanges;
  /** Clients that are made when they are read: Партнеры, or Контрагенты where there are none. */
  readonly clients?: { readonly count: number; readonly make: (n: number) => PartnerGiven };
  /** How many sessions the base gives out at once. Default: 3. */
  readonly sessions?: number;
  /** How long an idle session that was started by `IBSession` lives. Default: 20 s. */
  readonly sessionSeconds?: number;
  /** The longest query that the web server takes, in bytes as sent. Default: 2,048, as IIS. */
  readonly longestQuery?: number;
  /** `ignored`: a `Ref_Key` in a POST is replaced by a new one. Default: taken. Unverified. */
  readonly ownKeys?: 'taken' | 'ignored';
  /** `ignored`: as a live server was seen to do. Default: checked, as documented. */
  readonly ifMatch?: 'checked' | 'ignored';
  /** `refused`: references cannot be compared with gt and lt. Default: compared. Unverified. */
  readonly keyOrder?: 'compared' | 'refused';
  /** `refused`: a write that leaves out what forms insist on fails. Default: ignored. Unverified. */
  readonly required?: 'ignored' | 'refused';
  /** The constant ИспользоватьПризнакРассмотрено. Default: true. */
  readonly considered?: boolean;
  /** УНФ's telephony service, which is published without a login. Default: not published. */
  readonly telephony?: TelephonyOptions;
  /** A fixed port. Default: any free one. */
  readonly port?: number;
  /** False: requests are not kept, for long runs. Default: true. */
  readonly keepRequests?: boolean;
}
