import type { Family } from '../presets/preset.ts';

/** Objects by which a family of configurations is recognised, the most particular first. */
const marks: readonly (readonly [family: Family, sets: readonly string[]])[] = [
  ['crm', ['Document_CRM_Интерес', 'Catalog_Партнеры']],
  ['unf', ['Document_Событие', 'Catalog_Лиды']],
  ['trade', ['Catalog_Партнеры', 'Catalog_СделкиСКлиентами']],
  ['accounting', ['Catalog_Контрагенты', 'Catalog_НоменклатурныеГруппы']],
];

/** All sets that {@link recognise} looks for. */
export const markSets: ReadonlySet<string> = new Set(marks.flatMap(([, sets]) => sets));

/**
 * The family of a configuration by the sets that it publishes; null if they say nothing. УТ, КА and ERP have the same
 * sales objects, and are not told apart.
 */
export function recognise(published: readonly string[]): Family | null {
  return marks.find(([, sets]) => sets.every((set) => published.includes(set)))?.[0] ?? null;
}

/** What a family is called, and the presets for it. */
export const familyNames: Readonly<Record<Family, string>> = {
  trade: 'Управление торговлей 11, Комплексная автоматизация 2 or ERP 2 (preset ut11, ka2 or erp2)',
  unf: 'Управление нашей фирмой (preset unf)',
  crm: '1С:CRM (preset crm3)',
  accounting: 'Бухгалтерия предприятия (preset bp3)',
};
