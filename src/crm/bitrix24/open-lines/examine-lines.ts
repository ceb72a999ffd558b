import type { Finding } from '../../../domain/base/finding.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { channelsOf } from './channels.ts';
import { examineChannels } from './registration.ts';
import { canFetch } from './shared-files.ts';

const what = 'open lines';

/** Says which of our lines the portal's open lines take. Nothing if messages do not go there. */
export async function examineLines(parts: Bitrix24Parts, signal: AbortSignal): Promise<readonly Finding[]> {
  if (parts.config.messages !== 'openlines') return [];
  const channels = channelsOf(parts);
  if (channels.length === 0)
    return [
      { what, ok: false, detail: 'there is no line of messages: add one to `lines`, or a connection to `openLines`' },
    ];
  try {
    const found = await examineChannels(parts, signal);
    const open = channels.filter(({ key }) => !found.some(({ channel }) => channel.key === key));
    const notes = [
      ...found.map(({ channel: { label, line }, state }) => {
        if (state === 'active') return `open line ${line} takes ${label}`;
        if (state === 'gone') return `there is no active open line ${line} for ${label}: choose another one`;
        return `open line ${line} does not take ${label} yet: it is connected when Patchbay starts`;
      }),
      ...(open.length === 0
        ? []
        : [
            `not connected: ${open.map(({ label }) => label).join(', ')}; open the channel in the contact centre of the portal, or set \`openLines\``,
          ]),
      ...(canFetch(parts)
        ? []
        : ['the portal can not fetch files from us: set http.publicUrl to a public https address']),
    ];
    return [
      { what, ok: open.length === 0 && found.every(({ state }) => state === 'active'), detail: notes.join('; ') },
    ];
  } catch (error) {
    return [{ what, ok: false, detail: asServiceError(error).message }];
  }
}
