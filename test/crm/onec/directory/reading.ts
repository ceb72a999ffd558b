import { Value } from 'typebox/value';
import { onTestFinished } from 'vitest';
import { OnecSchema } from '../../../../src/crm/onec/schema.ts';
import { coresOf } from '../../../support/cores.ts';
import { openDirectoryReading, type Settings } from '../../../support/directory-reading.ts';
import { staff } from '../../../support/office.ts';
import { type Onec, startOnec } from '../../../support/onec/onec.ts';
import type { OnecOptions } from '../../../support/onec/options.ts';

/** Settings of a core for a scripted 1C, completed as the loader does. */
export function settingsOf(onec: Onec, more: Settings = {}): { readonly kind: string } {
  const preset = onec.base.options.preset ?? 'ut11';
  const usual = {
    kind: 'onec',
    url: onec.odataUrl,
    username: 'Обмен',
    password: 'секрет',
    preset: preset === 'crm3-in-ut' ? 'crm3' : preset,
  };
  return Value.Default(OnecSchema, { ...usual, ...more }) as { readonly kind: string };
}

/** An office that reads a scripted 1C as the source `base`, whose users Anna and Petr are managers. */
export async function openOnec(options: OnecOptions = {}) {
  const reading = await openDirectoryReading();
  const onec = await startOnec({ clock: reading.office.clock, ...options });
  onTestFinished(() => onec.close());
  const anna = onec.people.addUser({ name: 'Anna Ivanova', extension: '101' });
  const petr = onec.people.addUser({ name: 'Petr Petrov', extension: '102' });
  const cores = (more: Settings = {}) =>
    coresOf(reading.office, { base: settingsOf(onec, more) }, { staff: () => staff });
  return {
    ...reading,
    onec,
    anna,
    petr,
    cores,
    read: (more: Settings = {}) => reading.start('base', cores(more)),
  };
}
