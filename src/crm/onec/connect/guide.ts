import type { Preset } from '../presets/preset.ts';
import type { OnecConfig } from '../schema.ts';

/** What an administrator has to do: the publication, the composition of OData, the user and its rights. */
export function guideOf({ url, username }: Pick<OnecConfig, 'url' | 'username'>, preset: Preset): readonly string[] {
  const base = url.replace(/\/odata\/standard\.odata\/?$/, '');
  const name = new URL(base).pathname;
  return [
    `1. Publish the base (${preset.title}) on the web server as ${base}. In its default.vrd, switch on OData:`,
    `     <point xmlns="http://v8.1c.ru/8.2/virtual-resource-system" base="${name}" ib="…">`,
    '       <standardOdata enable="true" reuseSessions="autouse" sessionMaxAge="20" poolSize="10" poolTimeout="5"/>',
    '     </point>',
    '2. Put these objects into the composition of the standard OData interface (in БСП: Администрирование, Синхронизация',
    '   данных, Настройка автоматического REST-сервиса):',
    ...preset.objects.map(({ set, isOptional }) => `     ${set}${isOptional === true ? ' (if the base has it)' : ''}`),
    `3. Create the user "${username}" with a password, and mark it as not for choosing from the list.`,
    '4. Its rights: reading the objects above, and writing the documents among them; in БСП also the role for access by OData.',
    '   Without restrictions at record level: clients that it may not see are nobody to us.',
  ];
}
