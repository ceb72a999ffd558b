import { entryOf } from '../../../../domain/base/entry-of.ts';
import { runningApplication } from '../../tracker/applications.ts';
import type { Fields } from '../../tracker/model.ts';
import { type Dial, Dials } from './dials.ts';
import type { CelRow } from './row.ts';

/** An event as AMI would have reported it. */
export interface ToldEvent {
  readonly name: string;
  readonly fields: Fields;
  readonly at: number;
}

/** What the rows so far say about a channel. */
interface Known {
  readonly dial: Dial | null;
  linkedid: string;
  number: string;
  /** The application with its arguments, and the dialplan extension. */
  application: string;
  extension: string;
  bridged: boolean;
  answered: boolean;
  pickedUp: boolean;
  gone: boolean;
  /** When it was sent on by a channel that it called, which hangs up at once. */
  forwardedAt: number | null;
  /** Whether it waits in a queue. */
  queued: boolean;
}

/** What `DialStatus` the end of a called channel means, by its cause. */
const statusByCause: Readonly<Record<string, string>> = {
  ...{ '17': 'BUSY', '18': 'NOANSWER', '19': 'NOANSWER', '26': 'CANCEL' },
  ...{ '3': 'CHANUNAVAIL', '20': 'CHANUNAVAIL', '27': 'CHANUNAVAIL', '34': 'CONGESTION', '38': 'CONGESTION' },
};

/** Milliseconds between rows of the same moment, also if their times are whole seconds. */
const moment = 1000;

/** Turns the rows of a call, in their order, into the events that the tracker of live calls understands. */
export function eventsOfRows(rows: readonly CelRow[]): readonly ToldEvent[] {
  return new Translation(rows).events;
}

class Translation {
  readonly events: ToldEvent[] = [];
  readonly #rows: readonly CelRow[];
  readonly #dials: Dials;
  readonly #known = new Map<string, Known>();
  /** Channels that the PBX itself began. */
  readonly #originated: ReadonlySet<string>;
  readonly #ends: ReadonlyMap<string, CelRow>;
  readonly #names: ReadonlyMap<string, string>;

  constructor(rows: readonly CelRow[]) {
    this.#rows = rows;
    this.#dials = new Dials(rows);
    this.#originated = new Set(rows.filter((row) => row.application === 'AppDial2').map(({ uniqueid }) => uniqueid));
    this.#ends = new Map(rows.filter(({ type }) => type === 'HANGUP').map((row) => [row.uniqueid, row]));
    this.#names = new Map(rows.map(({ channel, uniqueid }) => [channel, uniqueid]));
    for (const [index, row] of rows.entries()) this.#take(row, index);
  }

  #take(row: CelRow, index: number): void {
    if (row.type === 'CHAN_START') return this.#start(row, index);
    const known = this.#known.get(row.uniqueid);
    if (known === undefined) return;
    if (row.linkedid !== known.linkedid) {
      known.linkedid = row.linkedid;
      this.tell('Newstate', row, { ChannelState: '' });
    }
    if (row.number !== known.number && row.number !== '' && known.dial === null) {
      known.number = row.number;
      this.tell('NewCallerid', row, { CallerIDNum: row.number, CallerIDName: row.name });
    }
    this.#run(row, known);
    handlers[row.type]?.(this, row, known, index);
  }

  #start(row: CelRow, index: number): void {
    const { uniqueid, linkedid, number, name, extension } = row;
    const dial = this.#dials.of(row, index);
    const place = { application: '', extension: '', bridged: false, queued: false };
    const fate = { answered: false, pickedUp: false, gone: false, forwardedAt: null };
    this.#known.set(uniqueid, { dial, linkedid, number, ...place, ...fate });
    const isOriginated = dial === null && this.#originated.has(uniqueid);
    // Only a channel that calls us rings us; one that is called may look like that.
    const isCaller = dial === null && !isOriginated && uniqueid === linkedid;
    this.tell('Newchannel', row, {
      Channel: row.channel,
      CallerIDNum: number,
      CallerIDName: name,
      Exten: extension,
      ChannelState: isCaller ? '4' : '0',
    });
    const called = { Uniqueid: '', DestUniqueid: uniqueid, DialString: '', DestCallerIDNum: number };
    if (isOriginated) this.tell('DialBegin', row, { ...called, DestCallerIDNum: this.#numberShown(row) });
    if (dial === null) return;
    const caller = this.#known.get(dial.caller);
    this.tell('DialBegin', row, {
      ...called,
      Uniqueid: dial.caller,
      DialString: dial.number,
      CallerIDNum: caller?.number ?? '',
    });
  }

  /** The number that an originated channel was given, which its first row does not have yet. */
  #numberShown({ uniqueid, number }: CelRow): string {
    return this.#rows.find((row) => row.uniqueid === uniqueid && row.number !== number)?.number ?? number;
  }

  /** Tells the application that runs if it is another one than before, or runs at another place. */
  #run(row: CelRow, known: Known): void {
    const { application, data, extension } = row;
    if (application === '' || application === 'AppDial') return;
    const own = `${application}(${data})`;
    const isNew = own !== known.application || row.type === 'APP_START';
    if (!isNew && extension === known.extension) return;
    Object.assign(known, { application: own, extension });
    this.tell('Newexten', row, { Extension: extension, Application: application, AppData: data });
    const running = runningApplication(application, data);
    if (!isNew || running.name !== 'queue') return;
    known.queued = true;
    this.tell('QueueCallerJoin', row, { Queue: running.data.split(',', 1)[0] ?? '' });
  }

  /** Adds an event of the row's channel. */
  tell(name: string, { uniqueid, linkedid, at }: CelRow, fields: Fields = {}): void {
    this.events.push({ name, at, fields: { Uniqueid: uniqueid, Linkedid: linkedid, ...fields } });
  }

  /** How the dial of a channel that was not answered ended. Without a cause of its own, it was given up, or rang too long. */
  statusOf(row: CelRow, { dial, pickedUp }: Known): string {
    const caller = this.#known.get(dial?.caller ?? '');
    if (caller?.forwardedAt != null && row.at <= caller.forwardedAt + moment) {
      caller.forwardedAt = null;
      return 'FORWARD';
    }
    const own = entryOf(statusByCause, row.extra.hangupcause ?? '');
    return own ?? (pickedUp || this.#gaveUp(dial?.caller ?? '', row.at) ? 'CANCEL' : 'NOANSWER');
  }

  /** Whether a caller hung up by itself before `at`, or in the same moment. */
  #gaveUp(caller: string, at: number): boolean {
    const end = this.#ends.get(caller);
    if (end === undefined || end.at > at + moment) return false;
    return (
      this.#known.get(caller)?.gone === true ||
      end.extra.hangupsource === end.channel ||
      end.extra.dialstatus === 'CANCEL'
    );
  }

  /** Whether a channel stays in its bridge after the row at `index`, as in a conference of three. */
  stays({ uniqueid, at }: CelRow, index: number): boolean {
    const leaves = this.#rows.slice(index + 1).find((row) => row.uniqueid === uniqueid && row.type === 'BRIDGE_EXIT');
    return leaves !== undefined && leaves.at - at > moment;
  }

  /** The uniqueid of a channel that a row names. */
  idOf(name: string | undefined): string {
    return this.#names.get(name ?? '') ?? '';
  }
}

type Handler = (translation: Translation, row: CelRow, known: Known, index: number) => void;

const handlers: Readonly<Record<string, Handler>> = {
  ANSWER: (to, row, known) => {
    if (known.dial === null || known.answered) return;
    known.answered = true;
    to.tell('DialEnd', row, { Uniqueid: known.dial.caller, DestUniqueid: row.uniqueid, DialStatus: 'ANSWER' });
  },
  BRIDGE_ENTER: (to, row, known) => {
    known.bridged = true;
    to.tell('BridgeEnter', row, {
      BridgeUniqueid: row.extra.bridge_id ?? '',
      BridgeTechnology: row.extra.bridge_technology ?? '',
      CallerIDNum: row.number,
    });
    if (!known.queued) return;
    known.queued = false;
    to.tell('AgentConnect', row);
  },
  BRIDGE_EXIT: (to, row, known) => {
    known.bridged = false;
    to.tell('BridgeLeave', row, { BridgeUniqueid: row.extra.bridge_id ?? '' });
  },
  BLINDTRANSFER: (to, row) =>
    to.tell('BlindTransfer', row, {
      TransfererUniqueid: row.uniqueid,
      Extension: row.extra.extension ?? '',
      Result: 'Success',
    }),
  ATTENDEDTRANSFER: (to, row, known, index) =>
    to.tell('AttendedTransfer', row, {
      OrigTransfererUniqueid: row.uniqueid,
      SecondTransfererUniqueid: row.extra.channel2_uniqueid ?? '',
      DestType: known.bridged && to.stays(row, index) ? 'Threeway' : 'Bridge',
      Result: 'Success',
    }),
  // The row is of the channel that rang.
  PICKUP: (to, row, known) => {
    known.pickedUp = true;
    const picker = row.extra.pickup_channel_uniqueid ?? to.idOf(row.extra.pickup_channel);
    to.tell('Pickup', row, { Uniqueid: picker, TargetUniqueid: row.uniqueid });
  },
  FORWARD: (_to, row, known) => {
    known.forwardedAt = row.at;
  },
  PARK_START: (to, row) =>
    to.tell('ParkedCall', row, {
      ParkeeUniqueid: row.uniqueid,
      ParkerDialString: row.extra.parker_dial_string ?? '',
      ParkingSpace: row.extra.parking_space ?? '',
    }),
  PARK_END: (to, row) => {
    const { reason = '', retriever } = row.extra;
    if (reason === 'ParkedCallTimeOut') to.tell('ParkedCallTimeOut', row, { ParkeeUniqueid: row.uniqueid });
    else if (retriever !== undefined)
      to.tell('UnParkedCall', row, { ParkeeUniqueid: row.uniqueid, RetrieverUniqueid: to.idOf(retriever) });
  },
  HANGUP: (to, row, known) => {
    if (known.queued && row.extra.hangupsource === row.channel) to.tell('QueueCallerAbandon', row);
    if (known.dial !== null && !known.answered) {
      const DialStatus = to.statusOf(row, known);
      to.tell('DialEnd', row, { Uniqueid: known.dial.caller, DestUniqueid: row.uniqueid, DialStatus });
    }
    known.gone = true;
    to.tell('Hangup', row, { Cause: row.extra.hangupcause ?? '' });
  },
  CHAN_END: (to, row) => to.tell('Hangup', row),
};
