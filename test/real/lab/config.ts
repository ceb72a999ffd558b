/** Everything that the generated configuration of a laboratory PBX depends on. */
export interface PbxPlan {
  readonly modulesDir: string;
  readonly sipPort: number;
  readonly amiPort: number;
  readonly rtpBase: number;
  readonly rtpSize: number;
  /** SIP port of the SIPp phone of each static extension, on 127.0.0.1. */
  readonly phonePorts: ReadonlyMap<string, number>;
  /** SIP port of the SIPp trunk, on 127.0.0.2. */
  readonly trunkPort: number;
  /** Appended to the laboratory's own stanzas, by file name: manager.conf, extensions.conf, cdr.conf. */
  readonly extra: Readonly<Record<string, string>>;
}

/** The laboratory's own AMI user, with all rights. */
export const labUser = { username: 'lab', secret: 'lab-secret' } as const;

/** The extension that has no phone until one registers. */
export const registeringExtension = '105';

/** The numbers that the trunk can call, one for each route through the PBX. */
export const dids = {
  /** Enters the dialplan printed by `patchbay pbx-config` (context `patchbay-inbound`). */
  patchbay: '74950000001',
  /** Rings 101, recorded. */
  direct: '74950000002',
  /** Ring group 601: 101, 102 and 103 through Local channels. */
  group: '74950000003',
  /** Queue 600: agents 101 and 102. */
  queue: '74950000004',
  /** A menu that waits for a digit; 1 goes to 101. */
  ivr: '74950000005',
  /** Rings 102 for 2 s, then its voicemail. */
  voicemail: '74950000006',
  /** Rings 101 through a Local channel that optimises itself away. */
  local: '74950000007',
  /** Rings 105, whose phone isn't registered. */
  unregistered: '74950000008',
  /** 101 and, through the trunk, a mobile at the same time. */
  mobile: '74950000009',
  /** A second number that enters the patchbay context. */
  patchbaySecond: '74950000010',
  /** Hunt group: 101 for 2 s, then 102. */
  hunt: '74950000011',
  /** Rings 101 for 3 s, recorded; then busy tone. */
  short: '74950000012',
  /** Rings every device of 105. */
  devices: '74950000013',
} as const;

function endpoint(extension: string, contact: string): string {
  return `
[${extension}]
type=endpoint
context=internal
disallow=all
allow=ulaw
aors=${extension}
direct_media=no
callerid="Agent ${extension}" <${extension}>
device_state_busy_at=1
call_group=1
pickup_group=1

[${extension}]
type=aor
max_contacts=3
remove_existing=yes
${contact}
`;
}

function pjsip(plan: PbxPlan): string {
  const phones = [...plan.phonePorts].map(([extension, port]) =>
    endpoint(extension, `contact=sip:${extension}@127.0.0.1:${port}`),
  );
  return `
[global]
type=global
endpoint_identifier_order=ip,username

[transport-udp]
type=transport
protocol=udp
bind=127.0.0.1:${plan.sipPort}

[trunk]
type=endpoint
context=from-trunk
disallow=all
allow=ulaw
aors=trunk
direct_media=no
trust_id_inbound=yes
dtmf_mode=info

[trunk]
type=aor
contact=sip:127.0.0.2:${plan.trunkPort}

[trunk]
type=identify
endpoint=trunk
match=127.0.0.2
${phones.join('')}${endpoint(registeringExtension, '')}`;
}

const record = (prefix: string) =>
  `Set(CDR(recordingfile)=${prefix}-\${UNIQUEID}.wav)
 same => n,MixMonitor(\${STRFTIME(\${EPOCH},,%Y/%m/%d)}/${prefix}-\${UNIQUEID}.wav,b)`;

const extensions = `
[general]
static=yes
writeprotect=yes

[from-trunk]
exten => ${dids.patchbay},1,Goto(patchbay-inbound,\${EXTEN},1)
exten => ${dids.patchbaySecond},1,Goto(patchbay-inbound,\${EXTEN},1)

exten => ${dids.direct},1,${record('in')}
 same => n,Dial(PJSIP/101,30,tT)
 same => n,Hangup()

exten => ${dids.group},1,${record('in')}
 same => n,Goto(internal,601,1)

exten => ${dids.queue},1,${record('in')}
 same => n,Goto(internal,600,1)

exten => ${dids.ivr},1,Goto(ivr,s,1)

exten => ${dids.voicemail},1,Dial(PJSIP/102,2,tT)
 same => n,VoiceMail(102@default,u)
 same => n,Hangup()

exten => ${dids.local},1,Dial(Local/101@leg,30,tT)
 same => n,Hangup()

exten => ${dids.unregistered},1,Dial(PJSIP/105,30,tT)
 same => n,Playtones(!950/330,!1400/330,!1800/330,0)
 same => n,Hangup(20)

exten => ${dids.mobile},1,Dial(Local/101@leg/n&Local/79990000099@leg-outside/n,30,tT)
 same => n,Hangup()

exten => ${dids.hunt},1,Dial(PJSIP/101,2,tT)
 same => n,Dial(PJSIP/102,20,tT)
 same => n,Hangup()

exten => ${dids.short},1,${record('in')}
 same => n,Dial(PJSIP/101,3,tT)
 same => n,Hangup()

exten => ${dids.devices},1,Dial(\${PJSIP_DIAL_CONTACTS(105)},20,tT)
 same => n,Hangup()

exten => _X.,1,Hangup(1)

[fallback]
; where a caller goes when Patchbay can't say; the variable is for the tests to see
exten => _X.,1,Set(LAB_FALLBACK=\${EXTEN})
 same => n,Dial(PJSIP/104,30,tT)
 same => n,Hangup()
exten => s,1,Goto(74950000000,1)

[ivr]
exten => s,1,Answer()
 same => n(menu),Set(LAB_MENU=open)
 same => n,WaitExten(20)
 same => n,Hangup()
exten => 1,1,Dial(PJSIP/101,30,tT)
 same => n,Hangup()
exten => t,1,Hangup()
exten => i,1,Goto(s,menu)

[leg]
exten => _1XX,1,Dial(PJSIP/\${EXTEN},30,tT)
 same => n,Hangup()

[leg-outside]
exten => _7XXXXXXXXXX,1,Dial(PJSIP/\${EXTEN}@trunk,30)
 same => n,Hangup()

[internal]
include => parkedcalls
exten => _1XX,1,Dial(PJSIP/\${EXTEN},30,tT)
 same => n,Hangup()
exten => 101,hint,PJSIP/101
exten => 102,hint,PJSIP/102
exten => 103,hint,PJSIP/103
exten => 104,hint,PJSIP/104
exten => 105,hint,PJSIP/105
exten => 600,1,Answer()
 same => n,Queue(600,tT,,,60)
 same => n,Hangup()
exten => 601,1,Dial(Local/101@leg/n&Local/102@leg/n&Local/103@leg/n,30,tT)
 same => n,Hangup()
exten => 602,1,Dial(Local/102@leg/n&Local/103@leg/n,30,tT)
 same => n,Hangup()
exten => 700,1,Park()
exten => *8,1,Pickup()
 same => n,Hangup()
exten => _*8.,1,Pickup(\${EXTEN:2}@PICKUPMARK&\${EXTEN:2}@internal)
 same => n,Hangup()
exten => _7XXXXXXXXXX,1,${record('out')}
 same => n,Set(CALLERID(num)=${dids.direct})
 same => n,Dial(PJSIP/\${EXTEN}@trunk,60,T)
 same => n,Hangup()
`;

const queues = `
[general]
persistentmembers=no
autofill=yes

[600]
strategy=ringall
timeout=15
retry=1
wrapuptime=0
ringinuse=no
reportholdtime=no
joinempty=yes
member => PJSIP/101,0,Agent 101,PJSIP/101
member => PJSIP/102,0,Agent 102,PJSIP/102
`;

/** Every file of the generated /etc/asterisk, by name. */
export function pbxConfig(plan: PbxPlan): Record<string, string> {
  const files: Record<string, string> = {
    'asterisk.conf': `
[directories]
astetcdir => /etc/asterisk
astmoddir => ${plan.modulesDir}
astvarlibdir => /var/lib/asterisk
astdbdir => /var/lib/asterisk
astkeydir => /var/lib/asterisk
astdatadir => /usr/share/asterisk
astagidir => /usr/share/asterisk/agi-bin
astspooldir => /var/spool/asterisk
astrundir => /var/run/asterisk
astlogdir => /var/log/asterisk
`,
    'modules.conf': `
[modules]
autoload=yes
noload => chan_alsa.so
noload => chan_console.so
noload => chan_iax2.so
noload => chan_mgcp.so
noload => chan_motif.so
noload => chan_oss.so
noload => chan_sip.so
noload => chan_skinny.so
noload => chan_unistim.so
noload => pbx_dundi.so
noload => res_pktccops.so
noload => res_snmp.so
noload => cdr_manager.so
noload => app_voicemail_imap.so
noload => app_voicemail_odbc.so
`,
    'logger.conf': `
[general]
dateformat=%F %T.%3q
[logfiles]
full => notice,warning,error,verbose(4)
`,
    'manager.conf': `
[general]
enabled=yes
webenabled=no
bindaddr=127.0.0.1
port=${plan.amiPort}

[${labUser.username}]
secret=${labUser.secret}
read=all
write=all
writetimeout=5000
`,
    'rtp.conf': `
[general]
rtpstart=${plan.rtpBase}
rtpend=${plan.rtpBase + plan.rtpSize - 1}
`,
    'pjsip.conf': pjsip(plan),
    'extensions.conf': extensions,
    'queues.conf': queues,
    'voicemail.conf': `
[general]
format=wav
maxsilence=0
minsecs=1
[default]
101 => 1234,Agent 101
102 => 1234,Agent 102
`,
    'res_parking.conf': `
[default]
parkext=700
parkpos=701-720
context=parkedcalls
parkingtime=5
comebacktoorigin=yes
`,
    'features.conf': `
[general]
pickupexten=*8
transferdigittimeout=3
[featuremap]
blindxfer=#1
atxfer=*2
`,
    'musiconhold.conf': `
[default]
mode=files
directory=/usr/share/asterisk/sounds/en_US_f_Allison/digits
`,
    'cdr.conf':
      plan.extra['cdr.conf'] ??
      '[general]\nenable=yes\nunanswered=yes\n[csv]\nusegmtime=yes\nloguniqueid=yes\nnewcdrcolumns=yes\n',
  };
  for (const [name, text] of Object.entries(plan.extra))
    if (name !== 'cdr.conf') files[name] = `${files[name] ?? ''}\n${text}`;
  return files;
}
