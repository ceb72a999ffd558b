import { lineFinder } from '../../src/connectors/asterisk/own-lines.ts';
import type { CelTeller } from '../../src/connectors/asterisk/record/cel/teller.ts';
import { RecordReader } from '../../src/connectors/asterisk/record/reader.ts';
import type { CallRules } from '../../src/connectors/asterisk/record/sides.ts';
import type { RecordSource } from '../../src/connectors/asterisk/record/source.ts';
import type { AsteriskConfig } from '../../src/connectors/asterisk/schema.ts';
import type { EventKey } from '../../src/domain/base/ids.ts';
import type { Staff } from '../../src/domain/directory/manager.ts';
import type { CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import { endpointsFor } from './asterisk-config.ts';
import { connectorContext, type RecordingContext } from './connector-context.ts';

/** The rules that production builds from these settings. By default, extensions are 101 to 109 and there is no staff. */
export function recordRules(
  settings: Partial<AsteriskConfig> = { extensions: '^10\\d$' },
  staff: Staff = { managers: [], lines: [] },
): CallRules {
  const isLine = lineFinder(connectorContext('pbx', { staff: () => staff }));
  return { connection: 'pbx', endpoints: endpointsFor(settings), isLine };
}

/** Reads a record like the program, which can be restarted: only the cursors outlive it. */
export class RecordRun {
  /** The calls that were emitted, in order. */
  readonly calls: CallSnapshot[] = [];
  readonly context: RecordingContext = connectorContext('pbx');
  readonly #source: () => RecordSource;
  readonly #rules: CallRules;
  readonly #cel: CelTeller | null;
  #reader: RecordReader;

  constructor(source: () => RecordSource, rules: CallRules = recordRules(), cel: CelTeller | null = null) {
    this.#source = source;
    this.#rules = rules;
    this.#cel = cel;
    this.#reader = new RecordReader(source(), rules, this.context, cel);
  }

  /** Starts again, with what was emitted forgotten. */
  restart(): void {
    this.#reader = new RecordReader(this.#source(), this.#rules, this.context, this.#cel);
    this.calls.length = 0;
  }

  read(
    emit: (call: CallSnapshot) => Promise<void> = async (call) => void this.calls.push(call),
    isLive: (call: CallSnapshot) => boolean = () => false,
    isSeen: (keys: readonly EventKey[]) => boolean = () => false,
  ): Promise<number> {
    return this.#reader.read({ emit, isLive, isSeen });
  }
}
