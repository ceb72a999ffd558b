import { freeTcpPort, freeUdpPort } from './ports.ts';

/** Numbers of the odd office that the trunk can call, one for each route. */
export const oddDids = {
  /** Meets in ConfBridge 800. */
  conference: '74950000021',
  /** Rings 101 for 2 s through a Local channel, whose other half then runs the voicemail. */
  voicemailBehindLocal: '74950000022',
  /** Rings the browser phone of 201. */
  browser: '74950000023',
  /** A voice bot by AudioSocket, then 101. */
  bot: '74950000024',
  /** A menu that is run from within ExecIf. */
  menu: '74950000025',
  /** Rings the phone of the reception. */
  reception: '74950000027',
  /** Rings 101. */
  plain: '74950000026',
} as const;

/** What of the odd office lies outside the PBX: address and port of each SIPp, and of the voice bot. */
export interface OddPlaces {
  readonly secondTrunk: { readonly ip: string; readonly port: number };
  readonly otherOffice: { readonly ip: string; readonly port: number };
  readonly browser: { readonly ip: string; readonly port: number };
  /** A phone whose name says nothing; the PBX's database says that it is 102's. */
  readonly reception: { readonly ip: string; readonly port: number };
  readonly bot: number;
}

/** What FreePBX would have written into Asterisk's database, as commands. */
export const oddDatabase = [
  'database put DEVICE reception/dial PJSIP/reception',
  'database put DEVICE reception/user 102',
] as const;

/** Reserves the ports. */
export async function oddPlaces(): Promise<OddPlaces> {
  return {
    secondTrunk: { ip: '127.0.0.3', port: await freeUdpPort() },
    otherOffice: { ip: '127.0.0.4', port: await freeUdpPort() },
    browser: { ip: '127.0.0.1', port: await freeUdpPort() },
    reception: { ip: '127.0.0.1', port: await freeUdpPort() },
    bot: await freeTcpPort(),
  };
}

function peer(name: string, context: string, contact: string): string {
  return `
[${name}]
type=endpoint
context=${context}
disallow=all
allow=ulaw
aors=${name}
direct_media=no
trust_id_inbound=yes

[${name}]
type=aor
contact=${contact}
`;
}

const identify = (name: string, ip: string) => `
[${name}]
type=identify
endpoint=${name}
match=${ip}
`;

/** Configuration that the odd flows need beside the laboratory's own, by file name. Nothing of it is told to the gateway. */
export function oddConfig(places: OddPlaces): Readonly<Record<string, string>> {
  const { secondTrunk, otherOffice, browser, reception } = places;
  return {
    'pjsip.conf': [
      peer('prov2', 'from-trunk', `sip:${secondTrunk.ip}:${secondTrunk.port}`),
      identify('prov2', secondTrunk.ip),
      peer('office2', 'from-office', `sip:${otherOffice.ip}:${otherOffice.port}`),
      identify('office2', otherOffice.ip),
      peer('reception', 'internal', `sip:reception@${reception.ip}:${reception.port}`),
      peer('201-WS', 'internal', `sip:201-WS@${browser.ip}:${browser.port}`),
    ].join(''),
    // ConfBridge does not load without a file.
    'confbridge.conf': '[general]\n[default_bridge]\ntype=bridge\n[default_user]\ntype=user\nquiet=yes\n',
    'extensions.conf': `
[from-trunk](+)
exten => ${oddDids.conference},1,Answer()
 same => n,ConfBridge(800)
exten => ${oddDids.voicemailBehindLocal},1,Dial(Local/101@leg-voicemail/n,30)
exten => ${oddDids.browser},1,Dial(PJSIP/201-WS,20)
exten => ${oddDids.bot},1,Answer()
 same => n,AudioSocket(40325ec2-5efd-4bd3-805f-53576e581d13,127.0.0.1:${places.bot})
 same => n,Dial(PJSIP/101,20)
exten => ${oddDids.menu},1,Answer()
 same => n,ExecIf($[1]?WaitExten(20))
exten => ${oddDids.reception},1,Dial(PJSIP/reception,20)
exten => ${oddDids.plain},1,Dial(PJSIP/101,20)

[leg-voicemail]
exten => _1XX,1,Dial(PJSIP/\${EXTEN},2)
 same => n,VoiceMail(\${EXTEN}@default,u)

[from-office]
exten => _XXX,1,Dial(PJSIP/\${EXTEN},4)

[internal](+)
exten => 800,1,Answer()
 same => n,ConfBridge(800)
exten => _3XX,1,Dial(PJSIP/\${EXTEN}@office2,20)
exten => _555XXX,1,Answer()
 same => n,ChanSpy(PJSIP/\${EXTEN:3},q)
exten => _97XXXXXXXXXX,1,Dial(PJSIP/\${EXTEN:1}@trunk,20)
 same => n,GotoIf($["\${DIALSTATUS}"="CONGESTION"|"\${DIALSTATUS}"="CHANUNAVAIL"]?:done)
 same => n,Dial(PJSIP/\${EXTEN:1}@prov2,20)
 same => n(done),Hangup()
`,
  };
}
