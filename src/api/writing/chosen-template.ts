import type { Static } from 'typebox';
import type { FilledTemplate, MessageTemplate } from '../../domain/outbound/template.ts';
import { faultsOf, fillTemplate, templateFaults } from '../../domain/outbound/template-fill.ts';
import type { ApiDeps, SendingConnection } from '../deps.ts';
import { invalid, Problem } from '../problem.ts';
import type { NewMessage } from '../schemas/requests.ts';
import { listTemplates } from './templates.ts';

type Body = Static<typeof NewMessage>;

/** The template that a message asks for, with its values, and the words that the client will read. Null if it asks for none. */
export async function chosenTemplate(
  deps: Pick<ApiDeps, 'templates'>,
  via: SendingConnection | undefined,
  { template, text, attachments = [] }: Body,
): Promise<{ readonly filled: FilledTemplate; readonly text: string } | null> {
  if (template === undefined) return null;
  if (via?.window?.after.includes('templates') !== true)
    throw invalid('/template', 'template', 'this connection has no templates');
  if (text !== '') throw invalid('/text', 'text', 'expected no text besides a template');
  const { name, language, values = {} } = template;
  const found = await find(deps, via.connection, name, language);
  if (found === null)
    throw invalid('/template/name', 'templateUnknown', 'no approved template has this name and language');
  const files = attachments.map(({ mime, content }) => ({ mime, bytes: Math.floor((content.length * 3) / 4) }));
  const faults = faultsOf(found, values, files);
  if (faults.length > 0) {
    const details = faults.slice(0, 20).map(({ field, code }) => ({
      path: field === 'file' ? '/attachments' : `/template/values/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code,
      message: templateFaults[code],
    }));
    throw new Problem('invalid', 'the template cannot be sent with these values', details);
  }
  return fillTemplate(found, values);
}

/** Looks into the list that is known, and then at the service, because the template may be new. */
async function find(
  deps: Pick<ApiDeps, 'templates'>,
  connection: string,
  name: string,
  language: string,
): Promise<MessageTemplate | null> {
  for (const isFresh of [false, true]) {
    const items = await listTemplates(deps, connection, isFresh);
    const found = items.find((one) => one.name === name && one.language === language);
    if (found !== undefined) return found;
  }
  return null;
}
