// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Asterisk writes its variables.
import { doctorPlace, doctorVariables } from '../connectors/asterisk/agi/doctor.ts';
import type { PbxConfigOptions } from './pbx-options.ts';

/** How often a caller is given to somebody else after nobody took the call: asked once, then twice more. */
const rounds = 3;

/** Dial strings that an HTTP answer may hold. An error page or a problem document must never be dialled. */
const dialable = '^[A-Za-z0-9]+/[A-Za-z0-9_.@/&*+-]+$';

/**
 * The dialplan that asks Patchbay where a call goes: the context `patchbay-inbound`, where the administrator sends calls with the
 * DID as extension. The extension stays the DID all the way, so that events and call records name it. It holds on every failure:
 * refused and unreachable are over within Asterisk's own two seconds of connecting, a frozen gateway within one second by
 * the `curl` way (Asterisk bounds the connecting of FastAGI, not the reading of its answer).
 */
export function dialplan(options: PbxConfigOptions): string {
  return [
    ...entrance(options),
    ...asking(options),
    ...withoutDid(),
    '',
    ...doctorsWay(options),
    '',
    ...callingOut(options),
    '',
    ...defaultFallback(options),
  ]
    .join('\n')
    .trimEnd();
}

/** The printed context that managers call out from by click-to-call. */
const callContext = 'patchbay-call';

/** What the printed dialplan jumps to when Patchbay can't say, unless the administrator names something else. */
export const defaultFallbackTarget = 'patchbay-fallback,s,1';

function entrance({ flavor, fallback: target }: PbxConfigOptions): string[] {
  const lines = ['[patchbay-inbound]', 'exten => _[+0-9]!,1,Set(PATCHBAY_LINE=${EXTEN})'];
  const returns = target === 'return';
  switch (flavor) {
    case 'asterisk':
      return [
        `; In the context of your trunk:  exten => YOUR_DID,1,${returns ? 'Gosub' : 'Goto'}(patchbay-inbound,\${EXTEN},1)`,
        ...lines,
      ];
    case 'freepbx':
      return [
        '; Admin > Custom Destinations: target  patchbay-inbound,s,1  and point the inbound routes at it.',
        returns
          ? '; There set Return to Yes and choose where callers go whom Patchbay has nobody for; without it they are cut off.'
          : `; There leave Return at No: callers whom Patchbay has nobody for go to ${target}.`,
        ...lines,
      ];
    case 'mikopbx':
      return [
        '; Replace PROVIDER by the id of your provider (see "dialplan show" for PROVIDER-incoming); repeat for each provider.',
        returns
          ? '; MikoPBX calls this before the incoming route, which goes on when Patchbay had nobody.'
          : `; MikoPBX calls this before the incoming route, which is not reached: callers whom Patchbay has nobody for go to ${target}.`,
        '[PROVIDER-incoming-custom]',
        'exten => _[+0-9]!,1,Gosub(patchbay-inbound,${EXTEN},1)',
        ' same => n,Return()',
        '',
        ...lines,
      ];
  }
}

/** Where the call comes without its DID as extension (a FreePBX destination), the DID is looked for; 0 stands for none. */
function withoutDid(): string[] {
  return [
    'exten => s,1,Set(PATCHBAY_LINE=${FILTER(+0-9,${FROM_DID})})',
    ' same => n,ExecIf($["${PATCHBAY_LINE}" = ""]?Set(PATCHBAY_LINE=${FILTER(+0-9,${CALLERID(dnid)})}))',
    ' same => n,Goto(patchbay-inbound,${IF($["${PATCHBAY_LINE}" = ""]?0:${PATCHBAY_LINE})},1)',
  ];
}

function asking(options: PbxConfigOptions): string[] {
  const { way, record } = options;
  return [
    ' same => n,Set(PATCHBAY_ROUND=0)',
    ' same => n,Set(PATCHBAY_TRIED=)',
    ...(record ? [` same => n,MixMonitor(\${STRFTIME(\${EPOCH},,%Y/%m/%d)}/in-\${UNIQUEID}.wav,b)`] : []),
    ...(way === 'curl' ? curlSetup(options) : []),
    ' same => n(ask),Set(PATCHBAY_DECISION=)',
    ' same => n,Set(PATCHBAY_DIAL=)',
    ' same => n,Set(PATCHBAY_EXTENSION=)',
    ' same => n,Set(PATCHBAY_TIMEOUT=)',
    ...(way === 'curl' ? askByCurl(options) : askByAgi(options)),
    ' same => n,GotoIf($["${PATCHBAY_DIAL}" = ""]?fallback)',
    ' same => n,Dial(${PATCHBAY_DIAL},${IF($["${PATCHBAY_TIMEOUT}" = ""]?20:${PATCHBAY_TIMEOUT})},t)',
    ' same => n,Set(PATCHBAY_ROUND=$[${PATCHBAY_ROUND} + 1])',
    ` same => n,GotoIf($[\${PATCHBAY_ROUND} >= ${rounds}]?fallback)`,
    '; nobody took it: tell who was rung, so that somebody else gets the call',
    ' same => n,Set(PATCHBAY_LEFT=${PATCHBAY_DIAL})',
    ' same => n(each),Set(PATCHBAY_ONE=${CUT(PATCHBAY_LEFT,&,1)})',
    ' same => n,Set(PATCHBAY_ONE=${CUT(PATCHBAY_ONE,/,2)})',
    ' same => n,Set(PATCHBAY_TRIED=${PATCHBAY_TRIED}%2C${URIENCODE(${CUT(PATCHBAY_ONE,@,1)})})',
    ' same => n,Set(PATCHBAY_LEFT=${CUT(PATCHBAY_LEFT,&,2-)})',
    ' same => n,GotoIf($["${PATCHBAY_LEFT}" != ""]?each)',
    ' same => n,Goto(ask)',
    ...(way === 'agi' ? queue(options) : []),
    ...fallback(options),
  ];
}

/** How `patchbay doctor` has the PBX try its way to us. The order tells: first where to, last how it went. */
function doctorsWay(options: PbxConfigOptions): string[] {
  const { id, url, status } = doctorVariables;
  const { agi, apiUrl, way } = options;
  const place = way === 'agi' ? `agi://${agi.host}:${agi.port}` : apiUrl;
  const trying =
    way === 'agi'
      ? [` same => n,AGI(${place}/doctor?id=\${${id}})`, ` same => n,Set(${status}=\${AGISTATUS})`]
      : [...curlSetup(options), ` same => n,Set(${status}=\${CURL(${place}/api/v1/match?phone=0):0:60})`];
  return [
    '; "patchbay doctor" has this tried, to see whether the PBX reaches Patchbay; no telephone rings',
    `[${doctorPlace.context}]`,
    `exten => ${doctorPlace.extension},1,Set(CDR_PROP(disable)=1)`,
    ` same => n,Set(${url}=${place})`,
    ...trying,
    ' same => n,Hangup()',
  ];
}

/** Where a manager's telephone goes on once it has taken a call asked for by click-to-call: out, as if dialled by hand. */
function callingOut({ flavor }: PbxConfigOptions): string[] {
  const context = flavor === 'freepbx' ? 'from-internal' : 'internal';
  return [
    `; click-to-call (clickToCall: {context: ${callContext}}); "${context}" is the context that your telephones dial from`,
    `[${callContext}]`,
    'exten => _[+*#0-9]!,1,Set(CALLERID(num)=${PATCHBAY_CALLERID})',
    ` same => n,Goto(${context},\${EXTEN},1)`,
  ];
}

function askByAgi({ agi }: PbxConfigOptions): string[] {
  const url = `agi://${agi.host}:${agi.port}/route?line=\${URIENCODE(\${PATCHBAY_LINE})}&tried=\${PATCHBAY_TRIED}`;
  return [
    ` same => n,AGI(${url})`,
    ' same => n,GotoIf($["${AGISTATUS}" != "SUCCESS"]?fallback)',
    ' same => n,GotoIf($["${PATCHBAY_DECISION}" = "queue"]?queue)',
  ];
}

/** Set once a call: a header that is set again is sent twice. */
function curlSetup({ apiToken }: PbxConfigOptions): string[] {
  return [
    ' same => n,Set(CURLOPT(conntimeout)=1)',
    ' same => n,Set(CURLOPT(httptimeout)=1)',
    ` same => n,Set(CURLOPT(httpheader)=Authorization: Bearer ${apiToken ?? 'PASTE_TOKEN_HERE'})`,
  ];
}

function askByCurl({ apiUrl, connection }: PbxConfigOptions): string[] {
  const query = [
    'format=dial',
    'phone=${URIENCODE(${CALLERID(num)})}',
    'line=${URIENCODE(${PATCHBAY_LINE})}',
    'call=${URIENCODE(${UNIQUEID})}',
    `connection=${connection}`,
    'tried=${PATCHBAY_TRIED}',
  ].join('&');
  return [
    ` same => n,Set(PATCHBAY_DIAL=\${CURL(${apiUrl}/api/v1/route?${query})})`,
    '; whatever is no dial string (an error page, a problem document) is no answer',
    ` same => n,Set(PATCHBAY_OK=\${REGEX("${dialable}" \${PATCHBAY_DIAL})})`,
    ' same => n,GotoIf($["${PATCHBAY_OK}" != "1"]?fallback)',
  ];
}

function queue({ flavor }: PbxConfigOptions): string[] {
  const context = flavor === 'freepbx' ? 'ext-queues' : 'internal';
  return flavor === 'asterisk'
    ? [' same => n(queue),Answer()', ' same => n,Queue(${PATCHBAY_EXTENSION},t)']
    : [
        ` same => n(queue),GotoIf($["\${DIALPLAN_EXISTS(${context},\${PATCHBAY_EXTENSION},1)}" = "1"]?${context},\${PATCHBAY_EXTENSION},1)`,
      ];
}

function fallback({ fallback: target }: PbxConfigOptions): string[] {
  return target === 'return'
    ? [' same => n(fallback),Return()']
    : [` same => n(fallback),Goto(${target})`, ' same => n,Hangup()'];
}

function defaultFallback({ fallback: target, everyone }: PbxConfigOptions): string[] {
  if (target !== defaultFallbackTarget) return [];
  return [
    '; Where a caller goes when Patchbay has nobody or cannot be reached. Make it what you had before Patchbay.',
    '[patchbay-fallback]',
    everyone === '' ? 'exten => s,1,Congestion(20)' : `exten => s,1,Dial(${everyone},60,t)`,
    ' same => n,Hangup()',
  ];
}
