import type { MessageTemplate } from '../../../../../../src/domain/outbound/template.ts';

/** Templates that are offered at a time. */
const maxOffered = 8;

/** The templates of one name: its languages. */
export interface TemplateFamily {
  readonly name: string;
  /** The client's language first. */
  readonly translations: readonly MessageTemplate[];
}

/** The templates that fit what was typed: first those whose name begins with it, then those that contain it. */
export function findTemplates(
  templates: readonly MessageTemplate[],
  query: string,
  language: 'ru' | 'en' | null,
): readonly TemplateFamily[] {
  const wanted = folded(query).trim();
  const families = familiesOf(templates, language).flatMap((family) => {
    const name = folded(family.name);
    const rank = name.startsWith(wanted) ? 0 : name.includes(wanted) ? 1 : 2;
    const isInText = family.translations.some(({ body }) => folded(body).includes(wanted));
    return rank === 2 && !isInText ? [] : [{ family, rank }];
  });
  return families
    .sort((a, b) => a.rank - b.rank || a.family.name.localeCompare(b.family.name))
    .slice(0, maxOffered)
    .map(({ family }) => family);
}

/** The templates by their names. */
export function familiesOf(
  templates: readonly MessageTemplate[],
  language: 'ru' | 'en' | null,
): readonly TemplateFamily[] {
  const byName = new Map<string, MessageTemplate[]>();
  for (const one of templates) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  const isTheirs = (one: MessageTemplate) => language !== null && one.language.split(/[_-]/)[0] === language;
  return [...byName].map(([name, translations]) => ({
    name,
    translations: translations.sort((a, b) => Number(isTheirs(b)) - Number(isTheirs(a))),
  }));
}

/** Names of templates have underscores for spaces. */
function folded(text: string): string {
  return text.toLowerCase().replaceAll('ё', 'е').replaceAll('_', ' ');
}
