import type { Logger } from '../../../runtime/log.ts';
import type { AmiClient } from '../ami/client.ts';
import type { AmiFields } from '../ami/message.ts';
import { optionalList } from '../ami/optional-list.ts';
import type { Endpoints } from './endpoints.ts';

/** A list of the PBX, and the trunks that one of its rows names as `Technology/name`. */
interface Source {
  readonly action: string;
  trunksOf(row: AmiFields, isExtension: (name: string) => boolean): readonly string[];
}

/** A peer with a fixed address is another exchange, unless it is named like a telephone. */
function fixedPeer(technology: string): Source['trunksOf'] {
  return ({ ObjectName: name = '', Dynamic: dynamic = '' }, isExtension) =>
    name !== '' && /^no/i.test(dynamic) && !isExtension(name) ? [`${technology}/${name.split('/', 1)[0] ?? ''}`] : [];
}

const sources: readonly Source[] = [
  {
    // We register at a provider, never at a telephone.
    action: 'PJSIPShowRegistrationsOutbound',
    trunksOf: ({ ObjectName: name = '', Endpoint: endpoint = '' }) =>
      [name, endpoint].filter((one) => one !== '').map((one) => `PJSIP/${one}`),
  },
  {
    // We prove who we are to a provider; a telephone proves it to us.
    action: 'PJSIPShowEndpoints',
    trunksOf: ({ ObjectName: name = '', Auths: inbound = '', OutboundAuths: outbound = '' }, isExtension) =>
      name !== '' && outbound !== '' && inbound === '' && !isExtension(name) ? [`PJSIP/${name}`] : [],
  },
  { action: 'SIPpeers', trunksOf: fixedPeer('SIP') },
  { action: 'IAXpeers', trunksOf: fixedPeer('IAX2') },
  {
    // The signalling is that of the other side: FXS signalling leads to an exchange, FXO signalling to a telephone.
    action: 'DAHDIShowChannels',
    trunksOf: ({ DAHDIChannel: port = '', Signalling: signalling = '' }) =>
      port !== '' && /^(?:FXS|ISDN|PRI|E & M|SS7|MFC)/i.test(signalling) ? [`DAHDI/${port}`] : [],
  },
];

/**
 * The devices in the database that FreePBX keeps in Asterisk, and their extensions: `DEVICE/reception/dial` is `PJSIP/reception`,
 * and `DEVICE/reception/user` is 101.
 */
function devicesOf(rows: readonly AmiFields[]): readonly (readonly [device: string, extension: string])[] {
  const values = new Map(rows.map(({ Key = '', Val = '' }) => [Key, Val]));
  return [...values].flatMap(([key, dial]) => {
    const id = /^\/DEVICE\/([^/]{1,80})\/dial$/.exec(key)?.[1];
    const extension = id === undefined ? undefined : values.get(`/DEVICE/${id}/user`);
    return extension === undefined || !dial.includes('/') ? [] : [[dial, extension] as const];
  });
}

/**
 * Asks the PBX which endpoints lead outside, and whose its devices are. Never rejects: the calls are followed without this
 * knowledge, too.
 */
export async function learnEndpoints(
  client: Pick<AmiClient, 'list'>,
  endpoints: Endpoints,
  log: Logger,
): Promise<void> {
  const trunks = new Set<string>();
  try {
    for (const { action, trunksOf } of sources) {
      for (const { fields } of await optionalList(client, action))
        for (const trunk of trunksOf(fields, (name) => endpoints.isExtension(name))) trunks.add(trunk);
    }
    const rows = await optionalList(client, 'DBGetTree', { Family: 'DEVICE' });
    const devices = devicesOf(rows.map(({ fields }) => fields));
    endpoints.learn(
      trunks,
      devices.filter(([, extension]) => endpoints.isExtension(extension)),
    );
  } catch (error) {
    log.debug({ err: error }, 'the PBX could not be asked for its endpoints');
  }
}
