/** What a SIPp phone does with each incoming call. Times in milliseconds. */
export type PhoneBehaviour =
  | {
      readonly kind: 'answer';
      /** Rings that long before it answers. */
      readonly afterMs: number;
      /** Hangs up that long after the answer; without it, waits for the other side. */
      readonly hangUpAfterMs?: number;
      /** Blind transfer by REFER: that long after the answer, to this URI. */
      readonly refer?: { readonly afterMs: number; readonly uri: string };
      /** Puts the other side on hold by a re-INVITE: that long after the answer, for that long. The other side must hang up. */
      readonly hold?: { readonly afterMs: number; readonly forMs: number };
    }
  | { readonly kind: 'ring' }
  | { readonly kind: 'refuse'; readonly status: 486 | 603 | 480 | 404 | 503; readonly afterMs: number }
  | { readonly kind: 'redirect'; readonly uri: string };

/** What a SIPp caller does. Times in milliseconds. */
export interface CallerBehaviour {
  /** The caller's number, or `withheld`. */
  readonly from: string;
  /** The caller's name. */
  readonly name?: string;
  /** Number dialled. */
  readonly to: string;
  /** Hangs up that long after the answer; without it, waits for the other side. */
  readonly hangUpAfterMs?: number;
  /** Gives up that long after the first ringing; the call must not be answered before that. */
  readonly cancelAfterMs?: number;
  /** File of raw µ-law to play in a loop after the answer. */
  readonly playFile?: string;
  /** Final responses with which the call may end; SIPp counts any other as a failed call. By default, all that a PBX refuses with. */
  readonly refusals?: readonly number[];
  /** Digits to press, sent by SIP INFO, each `afterMs` after the step before. */
  readonly digits?: readonly { readonly digit: string; readonly afterMs: number }[];
}

const sdp = `v=0
o=lab 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [MEDIA] RTP/AVP 0
a=rtpmap:0 PCMU/8000
`;

const okBare = `<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
Content-Length: 0

]]></send>`;

const head = '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n';

function scenario(name: string, body: string): string {
  return `${head}<scenario name="${name}">\n${body}\n</scenario>\n`;
}

/** A response to the current INVITE; its headers were saved in variables because `last_*` changes. */
function inviteAnswer(status: string, extra = '', body = '', retrans = false): string {
  return `<send${retrans ? ' retrans="500"' : ''}><![CDATA[
SIP/2.0 ${status}
Via:[$via]
From:[$peer]
To:[$self];tag=[pid]phone[call_number]
Call-ID: [call_id]
CSeq:[$cseq]
Contact: <sip:[local_ip]:[local_port]>
${extra}${body === '' ? 'Content-Length: 0\n' : 'Content-Type: application/sdp\nContent-Length: [len]\n'}
${body}
]]></send>`;
}

const takeInvite = `<recv request="INVITE" rrs="true"><action>
<ereg regexp=".*" search_in="hdr" header="Via:" assign_to="via" />
<ereg regexp=".*" search_in="hdr" header="From:" assign_to="peer" />
<ereg regexp=".*" search_in="hdr" header="To:" assign_to="self" />
<ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="cseq" />
</action></recv>
<Reference variables="via,peer,self,cseq" />`;

/** A request by the phone in the dialog that the PBX started. */
function ownRequest(method: string, extra = ''): string {
  return `<send retrans="500"><![CDATA[
${method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From:[$self];tag=[pid]phone[call_number]
To:[$peer]
Call-ID: [call_id]
CSeq: [cseq] ${method}
Contact: <sip:[local_ip]:[local_port]>
Max-Forwards: 70
${extra}Content-Length: 0

]]></send>`;
}

/** A re-INVITE by the phone, and its acknowledgement. */
function reinvite(number: number, direction: 'sendonly' | 'sendrecv'): string {
  const request = (method: string) => `${method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From:[$self];tag=[pid]phone[call_number]
To:[$peer]
Call-ID: [call_id]
CSeq: ${number} ${method}
Contact: <sip:[local_ip]:[local_port]>
Max-Forwards: 70`;
  return `<send retrans="500"><![CDATA[
${request('INVITE')}
Content-Type: application/sdp
Content-Length: [len]

${sdp.replace('[MEDIA]', '[media_port]').trimEnd()}
a=${direction}
]]></send>
<recv response="100" optional="true" />
<recv response="200" rrs="true" />
<send><![CDATA[
${request('ACK')}
Content-Length: 0

]]></send>`;
}

const cancelled = `<label id="9" />
${okBare}
${inviteAnswer('487 Request Terminated')}
<recv request="ACK" timeout="2000" ontimeout="99" />
<nop next="99" />`;

/** The scenario of a phone, or of the called party of an outgoing call. */
export function phoneScenario(behaviour: PhoneBehaviour): string {
  const ringing = inviteAnswer('180 Ringing');
  const end = '<label id="99" />\n<nop />';
  switch (behaviour.kind) {
    case 'ring':
      return scenario(
        'phone-ring',
        [takeInvite, ringing, '<recv request="CANCEL" next="9" />', cancelled, end].join('\n'),
      );
    case 'redirect':
      return scenario(
        'phone-redirect',
        [
          takeInvite,
          inviteAnswer('302 Moved Temporarily', `Contact: <${behaviour.uri}>\n`).replace(
            'Contact: <sip:[local_ip]:[local_port]>\n',
            '',
          ),
          '<recv request="ACK" />',
        ].join('\n'),
      );
    case 'refuse':
      return scenario(
        'phone-refuse',
        [
          takeInvite,
          ringing,
          `<pause milliseconds="${behaviour.afterMs}" />`,
          inviteAnswer(`${behaviour.status} Refused`),
          '<recv request="ACK" />',
        ].join('\n'),
      );
    case 'answer':
      return scenario('phone-answer', answering(behaviour, ringing, end));
  }
}

function answering(behaviour: Extract<PhoneBehaviour, { kind: 'answer' }>, ringing: string, end: string): string {
  const answer = inviteAnswer(
    '200 OK',
    'Allow: INVITE, ACK, BYE, CANCEL, REFER, NOTIFY, INFO\n',
    sdp.replace('[MEDIA]', '[media_port]'),
    true,
  );
  const refer =
    behaviour.refer === undefined
      ? ''
      : `<pause milliseconds="${behaviour.refer.afterMs}" />
${ownRequest('REFER', `Refer-To: <${behaviour.refer.uri}>\n`)}
<recv response="202" />
<label id="5" />
<recv request="NOTIFY" optional="true" timeout="700" ontimeout="7" next="6" />
<recv request="BYE" next="8" />
<label id="6" />
${okBare.replace('<send>', '<send next="5">')}`;
  const hold =
    behaviour.hold === undefined
      ? ''
      : `<pause milliseconds="${behaviour.hold.afterMs}" />
${reinvite(101, 'sendonly')}
<pause milliseconds="${behaviour.hold.forMs}" />
${reinvite(102, 'sendrecv')}`;
  const own = `<label id="7" />
${ownRequest('BYE')}
<recv response="200" next="99" />`;
  const wait =
    behaviour.refer !== undefined
      ? own // after a transfer the phone hangs up itself: Asterisk expects that
      : behaviour.hangUpAfterMs === undefined
        ? '<recv request="BYE" next="8" />'
        : `<recv request="BYE" timeout="${behaviour.hangUpAfterMs}" ontimeout="7" next="8" />\n${own}`;
  return `${takeInvite}
${ringing}
<recv request="CANCEL" timeout="${Math.max(1, behaviour.afterMs)}" ontimeout="2" next="9" />
<label id="2" />
${answer}
<recv request="ACK" />
${refer}
${hold}
${wait}
<label id="8" />
${okBare}
<nop next="99" />
${cancelled}
${end}`;
}

/** The scenario of a caller: the trunk's side of an incoming call, or a phone that dials. */
export function callerScenario(behaviour: CallerBehaviour): string {
  const withheld = behaviour.from === 'withheld';
  const name = behaviour.name === undefined ? '' : `"${behaviour.name}" `;
  const from = withheld
    ? '"Anonymous" <sip:anonymous@anonymous.invalid>'
    : `${name}<sip:${behaviour.from}@[local_ip]:[local_port]>`;
  const request = (
    method: string,
    to: string,
    cseq: string,
    extra: string,
  ) => `${method} sip:${behaviour.to}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=${method === 'INVITE' || method === 'CANCEL' ? 'z9hG4bK-[pid]-[call_number]' : '[branch]'}
From: ${from};tag=[pid]caller[call_number]
To: ${to}
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Contact: <sip:${withheld ? 'anonymous' : behaviour.from}@[local_ip]:[local_port]>
Max-Forwards: 70
${withheld && method === 'INVITE' ? 'Privacy: id\n' : ''}${extra}`;
  const toStart = `<sip:${behaviour.to}@[remote_ip]:[remote_port]>`;
  const toTagged = `${toStart}[peer_tag_param]`;
  const bare = 'Content-Length: 0\n\n';
  const play = behaviour.playFile;
  const invite = `<send retrans="500"><![CDATA[
${request('INVITE', toStart, '1', `Allow: INVITE, ACK, BYE, CANCEL, INFO\nContent-Type: application/sdp\nContent-Length: [len]\n\n${sdp.replace('[MEDIA]', play === undefined ? '[media_port]' : '[rtpstream_audio_port]')}`)}
]]></send>
<recv response="100" optional="true" />`;
  const ack = (cseq: string) => `<send><![CDATA[\n${request('ACK', toTagged, cseq, bare)}\n]]></send>`;
  const failures = (behaviour.refusals ?? [401, 403, 404, 480, 484, 486, 488, 500, 503, 600, 603])
    .map((status) => `<recv response="${status}" optional="true" next="8" />`)
    .join('\n');
  const failed = `<label id="8" />\n<send><![CDATA[\n${request('ACK', toTagged, '1', bare).replace('[branch]', 'z9hG4bK-[pid]-[call_number]')}\n]]></send>`;
  if (behaviour.cancelAfterMs !== undefined) {
    return scenario(
      'caller-cancels',
      `${invite}
<recv response="180" />
<pause milliseconds="${behaviour.cancelAfterMs}" />
<send retrans="500"><![CDATA[
${request('CANCEL', toStart, '1', bare)}
]]></send>
<recv response="200" />
<recv response="487" />
${failed.replace('<label id="8" />\n', '')}`,
    );
  }
  const digits = (behaviour.digits ?? [])
    .map(
      ({ digit, afterMs }, index) => `<pause milliseconds="${afterMs}" />
<send retrans="500"><![CDATA[
${request('INFO', toTagged, String(2 + index), `Content-Type: application/dtmf-relay\nContent-Length: [len]\n\nSignal=${digit}\nDuration=160\n`)}
]]></send>
<recv response="200" />`,
    )
    .join('\n');
  const wait =
    behaviour.hangUpAfterMs === undefined
      ? '<recv request="BYE" next="7" />'
      : `<recv request="BYE" timeout="${Math.max(1, behaviour.hangUpAfterMs)}" ontimeout="6" next="7" />
<label id="6" />
<send retrans="500"><![CDATA[
${request('BYE', toTagged, '20', bare)}
]]></send>
<recv response="200" next="99" />`;
  return scenario(
    'caller',
    `${invite}
<recv response="180" optional="true" />
<recv response="183" optional="true" />
<recv response="181" optional="true" />
${failures}
<recv response="200" />
${ack('1')}
${play === undefined ? '' : `<nop><action><exec rtp_stream="${play},-1,0,PCMU/8000" /></action></nop>`}
${digits}
${wait}
<label id="7" />
${okBare}
<nop next="99" />
${failed}
<label id="99" />
<nop />`,
  );
}

/** The scenario that registers a phone and ends. */
export function registerScenario(extension: string, expiresSeconds: number): string {
  return scenario(
    'register',
    `<send retrans="500"><![CDATA[
REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:${extension}@[remote_ip]>;tag=[pid]register[call_number]
To: <sip:${extension}@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 REGISTER
Contact: ${expiresSeconds === 0 ? '*' : `<sip:${extension}@[local_ip]:[local_port]>`}
Expires: ${expiresSeconds}
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200" />`,
  );
}
