import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Mapping } from '../metadata/mapping.ts';
import type { Purpose } from '../presets/preset.ts';
import { phoneCall } from './kinds/call.ts';
import { event } from './kinds/event.ts';
import type { PlannedDocument, Sources } from './planned.ts';

/** A kind of document, and what of the configuration it needs. */
export interface DocumentKind {
  readonly purpose: Purpose;
  readonly set: string;
  readonly plan: (sources: Sources) => PlannedDocument;
}

/** The kind of document that a configuration has for a contact; null if it has none. */
export function kindOf({ channel }: Interaction, { preset }: Mapping): DocumentKind | null {
  const has = (purpose: Purpose) => preset.objects.some((one) => one.purpose === purpose);
  if (has('events')) return { purpose: 'events', set: 'Document_Событие', plan: event };
  if (channel === 'call' && has('calls'))
    return { purpose: 'calls', set: 'Document_ТелефонныйЗвонок', plan: phoneCall };
  return null;
}
