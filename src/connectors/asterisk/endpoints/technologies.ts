/**
 * Technologies of channels that Asterisk makes for its own purposes. They carry sound for an application, a recording or a
 * conference, and never are a telephone or a trunk.
 */
const TECHNICAL: ReadonlySet<string> = new Set(
  [
    'Announcer',
    'Recorder',
    'CBAnn',
    'CBRec',
    'ConfBridgeRecorder',
    'ConfBridgeAnnouncer',
    'Bridge',
    'Holding',
    'AudioSocket',
    'UnicastRTP',
    'MulticastRTP',
    'WebSocket',
    'MediaWebSocket',
    'ExternalMedia',
    'Rtp',
    'Snoop',
    'ChanSpy',
    'Message',
    'OutgoingSpoolFailed',
    'Substitution',
    'Dummy',
    'Null',
    'Surrogate',
    'AsyncGoto',
    'Console',
    'ALSA',
    'OSS',
    'NBS',
    'Fax',
    'T38',
    'Parking',
    'Page',
    'Voicemail',
    'Test',
    'Stasis',
    'Playback',
  ].map((name) => name.toUpperCase()),
);

/** Technologies of telephones, trunks and modems. */
const TELEPHONY: ReadonlySet<string> = new Set(
  [
    'PJSIP',
    'SIP',
    'IAX',
    'IAX2',
    'H323',
    'OOH323',
    'Motif',
    'Gtalk',
    'Jingle',
    'SCCP',
    'Skinny',
    'MGCP',
    'USTM',
    'Unistim',
    'DAHDI',
    'Zap',
    'mISDN',
    'CAPI',
    'LCR',
    'Khomp',
    'VPB',
    'Phone',
    'R2',
    'SS7',
    'WOOMERA',
    'DGV',
    'Sangoma',
    'Tor',
    'Dongle',
    'Quectel',
    'Datacard',
    'Simcom',
    'Mobile',
    'GSM',
    'RGSM',
    'Celliax',
    'GoIP',
    'Bluetooth',
    'SMS',
    'Vox',
    'Skype',
  ].map((name) => name.toUpperCase()),
);

/** What a technology is for. Channels of an unknown one lead outside only if the configuration or the PBX says so. */
export function purposeOf(technology: string): 'local' | 'technical' | 'telephony' | 'unknown' {
  const name = technology.toUpperCase();
  if (name === 'LOCAL') return 'local';
  if (TECHNICAL.has(name)) return 'technical';
  return TELEPHONY.has(name) ? 'telephony' : 'unknown';
}
