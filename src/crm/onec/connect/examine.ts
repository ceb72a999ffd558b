import type { Finding } from '../../../domain/base/finding.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import { clientFilter, clientSets } from '../directory/reading.ts';
import { type Mapping, missingText } from '../metadata/mapping.ts';
import { familyNames } from '../metadata/recognise.ts';
import type { OnecParts } from '../parts.ts';
import type { Purpose } from '../presets/preset.ts';
import { examineUsers } from './examine-users.ts';

const purposes: Readonly<Record<Purpose, string>> = {
  clients: 'clients, contact persons and deals',
  users: 'users',
  calls: 'calls',
  letters: 'letters',
  messages: 'messages',
  meetings: 'meetings',
  leads: 'leads',
  events: 'events',
};

/** Checks the base: access, the configuration, each object and attribute that will be used, rights and users. */
export async function examineBase(parts: OnecParts, signal: AbortSignal): Promise<readonly Finding[]> {
  const { context } = parts;
  const findings = await examined(parts, signal);
  return findings.map((finding) => ({ ...finding, what: `${context.name}: ${finding.what}` }));
}

async function examined(parts: OnecParts, signal: AbortSignal): Promise<readonly Finding[]> {
  let mapping: Mapping;
  try {
    mapping = await parts.metadata.reread(signal);
  } catch (error) {
    return [{ what: 'access', ok: false, detail: asServiceError(error).message }];
  }
  return [
    { what: 'access', ok: true, detail: 'the metadata can be read' },
    examineFamily(mapping),
    ...examineMapping(mapping),
    ...(await examineClients(parts, mapping, signal)),
    ...(mapping.missingFor('users').length === 0 ? await examineUsers(parts, signal) : []),
  ];
}

function examineFamily({ family, preset }: Mapping): Finding {
  const what = 'configuration';
  if (family === null)
    return {
      what,
      ok: true,
      detail: `not recognised by its objects; checked as ${preset.title} (preset ${preset.name})`,
    };
  if (family === preset.family) return { what, ok: true, detail: `${preset.title} (preset ${preset.name})` };
  return { what, ok: false, detail: `looks like ${familyNames[family]}, but the setting is preset: ${preset.name}` };
}

/** The mapping, one finding for each purpose, with every object and what is missing of it. */
function examineMapping(mapping: Mapping): readonly Finding[] {
  const { preset, missing } = mapping;
  const wanted = [...new Set(preset.objects.map(({ purpose }) => purpose))];
  return wanted.map((purpose) => {
    const needed = mapping.missingFor(purpose).map(missingText);
    const spared = missing.filter((one) => one.purpose === purpose && one.isOptional).map(missingText);
    const used = preset.objects.flatMap(({ set, purpose: own }) =>
      own === purpose && mapping.hasSet(set) ? [set] : [],
    );
    const notes = [
      ...(needed.length > 0 ? [`missing: ${needed.join(', ')}; these contacts wait`] : []),
      ...(used.length > 0 ? [`uses ${used.join(', ')}`] : []),
      ...(spared.length > 0 ? [`done without: ${spared.join(', ')}`] : []),
    ];
    return { what: purposes[purpose], ok: needed.length === 0, detail: notes.join('; ') };
  });
}

/** Counts the clients, which takes the right to read them all. */
async function examineClients(
  { base, config }: OnecParts,
  mapping: Mapping,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (mapping.missingFor('clients').length > 0) return [];
  const what = 'reading clients';
  try {
    const allowedOnly = config.directory?.allowedOnly ?? false;
    const counts = await Promise.all(
      clientSets(mapping).map(async (clients) => {
        const filter = clientFilter(clients);
        const count = await base.count(clients.set, { filter, allowedOnly }, { signal });
        return `${count} in ${clients.set}`;
      }),
    );
    return [{ what, ok: true, detail: counts.join(', ') }];
  } catch (error) {
    return [{ what, ok: false, detail: asServiceError(error).message }];
  }
}
