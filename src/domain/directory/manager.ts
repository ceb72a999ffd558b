import type { Scope } from '../access/access.ts';
import type { ManagerId } from '../base/ids.ts';
import type { Channel } from '../interaction/interaction.ts';
import type { MissRules } from '../routing/miss-rules.ts';
import type { Signature } from '../written/signature.ts';

/** An employee who talks with clients, from the configuration. */
export interface Manager {
  readonly id: ManagerId;
  readonly name: string;
  /** "101", or "pbx/101" if there are several PBXs. */
  readonly extensions: readonly string[];
  /** E.164. */
  readonly mobile: string | null;
  readonly email: string | null;
  readonly department: string | null;
  /** Name of an entry of `routing.hours`; null means always at work. */
  readonly hours: string | null;
  /** Login of the user who is this manager. */
  readonly user: string | null;
  /** The deputy's id. */
  readonly deputy: ManagerId | null;
  readonly absences: readonly Absence[];
  /** What this manager sees as a user; absent: what the role sees. */
  readonly scope?: Scope;
  /** The signature of this manager's letters; absent: that of the line. */
  readonly signature?: Signature;
}

/** A period of absence; `to` is exclusive. */
export interface Absence {
  readonly from: number;
  readonly to: number;
  /** The deputy during this absence; by default the manager's own. */
  readonly deputy: ManagerId | null;
  readonly reason: string | null;
}

/** An entry point for clients: a DID, a mailbox, a bot or a form. */
export interface Line {
  readonly id: string;
  readonly channel: Channel;
  /** The DID as the PBX reports it, the mailbox's address, or the form's name. */
  readonly address: string;
  readonly label: string;
  readonly connection: string | null;
  readonly attribution: {
    readonly source: string | null;
    readonly medium: string | null;
    readonly campaign: string | null;
  };
  /** The target of its contacts if no rule applies: `responsible`, `group:…`, `queue:…`, `manager:…`, `default`. */
  readonly route: string | null;
  /** The signature of letters from this address, for managers who have none of their own. */
  readonly signature?: Signature;
  /** Area code of numbers that callers on this line write without one; absent: the company's. */
  readonly areaCode?: string;
  /** Further numbers of this line, shown to one visit each (call tracking); absent: none. */
  readonly pool?: NumberPool;
}

/** Numbers shown to visits of a site, each to one visit at a time. */
export interface NumberPool {
  /** As the PBX reports them. */
  readonly numbers: readonly string[];
  /** Milliseconds for which a visit keeps its number after it was last shown. */
  readonly hold: number;
}

/** The part of the configuration that SIGHUP reloads without interrupting calls. */
export interface Staff {
  readonly managers: readonly Manager[];
  readonly lines: readonly Line[];
  /** Who has to return missed calls; absent: the client's manager. */
  readonly misses?: MissRules;
}
