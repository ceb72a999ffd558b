import { compactTime } from '../../../domain/base/compact-time.ts';
import { parseExtension } from '../../../domain/directory/extension-place.ts';
import type { Staff } from '../../../domain/directory/manager.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { FormFields } from '../form.ts';
import type { ItoolabsConfig } from '../schema.ts';
import type { CallMessage } from './plan.ts';
import { isBeginning } from './told.ts';

/** What the fields of a message are made of, beside the call. */
export interface FieldsContext {
  readonly config: Pick<ItoolabsConfig, 'withheld' | 'late'>;
  readonly staff: Staff;
  readonly timezone: string;
  readonly now: number;
  /** Whether the CRM knows the call already. */
  readonly isKnown: boolean;
}

/** The fields of one message, without `cmd` and the key. */
export function fieldsOf(message: CallMessage, call: Interaction, context: FieldsContext): FormFields {
  const shared = {
    callid: call.id,
    phone: phoneOf(call, context.config.withheld),
    ext: message.extension,
    user: loginOf(message.extension, context.staff),
    diversion: call.line === null ? null : digitsOf(call.line.address),
    groupRealName: call.legs.find(({ kind }) => kind === 'queue')?.extension ?? null,
  };
  if (message.kind === 'event') {
    const { type } = message;
    const diversion = isBeginning(type) ? markedLine(shared.diversion, call, context) : shared.diversion;
    return { ...shared, type, diversion, direction: directionOf(call) };
  }
  const { status, seconds, link } = message;
  const start = compactTime(call.startedAt);
  return { ...shared, type: directionOf(call), status, start, duration: String(seconds), link };
}

/** The party's number. An empty one must not be sent: a CRM that compares beginnings would find any client. */
function phoneOf({ party }: Interaction, withheld: string): string {
  const digits = digitsOf(party.phone ?? (party.withheld ? '' : party.raw));
  return digits.length > 2 ? digits : withheld;
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

/** The login of an employee: the manager's id. */
function loginOf(extension: string, { managers }: Staff): string | null {
  return managers.find((one) => one.extensions.some((own) => parseExtension(own).number === extension))?.id ?? null;
}

function directionOf({ direction }: Interaction): 'in' | 'out' {
  return direction === 'inbound' ? 'in' : 'out';
}

/** The CRM dates a call by its own clock, so that a late one carries its true time where the CRM shows it. */
function markedLine(
  line: string | null,
  { startedAt }: Interaction,
  { config, timezone, now, isKnown }: FieldsContext,
): string | null {
  const isLate = now - Date.parse(startedAt) > config.late.after * 1000;
  if (isKnown || !isLate || !config.late.mark) return line;
  const time = new Intl.DateTimeFormat('ru', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' });
  return `${line ?? ''} (${time.format(Date.parse(startedAt))})`.trim();
}
