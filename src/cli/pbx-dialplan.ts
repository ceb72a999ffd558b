// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is Asterisk's syntax of variables.
import { doctorPlace, doctorVariables } from '../connectors/asterisk/agi/doctor.ts';
import type { PbxConfigOptions } from './pbx-options.ts';

/** How often the dialplan asks for a route: once, and twice more if nobody answers. */
const maxRounds = 3;

/** Pattern of a dial string in an HTTP answer. An error page or a problem document must never be dialled. */
const dialable = '^[A-Za-z0-9]+/[A-Za-z0-9_.@/&*+-]+$';

/**
 * The dialplan that asks Patchbay where a call goes. The administrator sends calls to its context `patchbay-inbound` with the DID
 * as the extension. The extension remains the DID throughout, so that events and call records name it.
 *
 * Every failure is bounded. If the gateway refuses or can't be reached, Asterisk gives up connecting after two seconds. If it
 * hangs, only the `curl` way is bounded, to one second: Asterisk does not limit how long it waits for a FastAGI answer.
 */
export function dialplan(options: PbxConfigOptions): string {
  return [
    ...inboundContext(options),
    ...routeRequest(options),
    ...withoutDid(),
    '',
    ...doctorContext(options),
    '',
    ...clickToCallContext(options),
    '',
    ...defaultFallback(options),
  ]
    .join('\n')
    .trimEnd();
}

/** The printed context for outbound calls by click-to-call. */
const callContext = 'patchbay-call';

/** Where the printed dialplan goes when Patchbay gives no answer, unless the administrator chooses another place. */
export const defaultFallbackTarget = 'patchbay-fallback,s,1';

function inboundContext({ flavor, fallback: target }: PbxConfigOptions): string[] {
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
          ? '; Set Return to Yes there, and choose where calls go if Patchbay finds nobody; otherwise they are cut off.'
          : `; Leave Return at No there: if Patchbay finds nobody, calls go to ${target}.`,
        ...lines,
      ];
    case 'mikopbx':
      return [
        '; Replace PROVIDER with the id of your provider (see PROVIDER-incoming in "dialplan show"); repeat for each provider.',
        returns
          ? '; MikoPBX runs this before the incoming route, which continues if Patchbay finds nobody.'
          : `; MikoPBX runs this before the incoming route, which is not reached: if Patchbay finds nobody, calls go to ${target}.`,
        '[PROVIDER-incoming-custom]',
        'exten => _[+0-9]!,1,Gosub(patchbay-inbound,${EXTEN},1)',
        ' same => n,Return()',
        '',
        ...lines,
      ];
  }
}

/** Finds the DID of a call that arrives without it as the extension, as from a FreePBX destination. 0 if there is none. */
function withoutDid(): string[] {
  return [
    'exten => s,1,Set(PATCHBAY_LINE=${FILTER(+0-9,${FROM_DID})})',
    ' same => n,ExecIf($["${PATCHBAY_LINE}" = ""]?Set(PATCHBAY_LINE=${FILTER(+0-9,${CALLERID(dnid)})}))',
    ' same => n,Goto(patchbay-inbound,${IF($["${PATCHBAY_LINE}" = ""]?0:${PATCHBAY_LINE})},1)',
  ];
}

function routeRequest(options: PbxConfigOptions): string[] {
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
    ` same => n,GotoIf($[\${PATCHBAY_ROUND} >= ${maxRounds}]?fallback)`,
    '; nobody answered: report who was rung, so that the next answer names somebody else',
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

/** The context by which `patchbay doctor` tests the way from the PBX to Patchbay. It sets the URL first and the status last. */
function doctorContext(options: PbxConfigOptions): string[] {
  const { id, url, status } = doctorVariables;
  const { agi, apiUrl, way } = options;
  const place = way === 'agi' ? `agi://${agi.host}:${agi.port}` : apiUrl;
  const trying =
    way === 'agi'
      ? [` same => n,AGI(${place}/doctor?id=\${${id}})`, ` same => n,Set(${status}=\${AGISTATUS})`]
      : [...curlSetup(options), ` same => n,Set(${status}=\${CURL(${place}/api/v1/match?phone=0):0:60})`];
  return [
    '; "patchbay doctor" runs this to test whether the PBX reaches Patchbay; no phone rings',
    `[${doctorPlace.context}]`,
    `exten => ${doctorPlace.extension},1,Set(CDR_PROP(disable)=1)`,
    ` same => n,Set(${url}=${place})`,
    ...trying,
    ' same => n,Hangup()',
  ];
}

/** The context for click-to-call: once the manager's phone has answered, it dials out as if dialled by hand. */
function clickToCallContext({ flavor }: PbxConfigOptions): string[] {
  const context = flavor === 'freepbx' ? 'from-internal' : 'internal';
  return [
    `; click-to-call (clickToCall: {context: ${callContext}}); "${context}" is the context that your phones dial from`,
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

/** Set only once per call: a header that is set again is sent twice. */
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
    '; ignore an answer that is not a dial string (an error page, a problem document)',
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
    '; Where calls go if Patchbay finds nobody or cannot be reached. Replace it with what you had before Patchbay.',
    '[patchbay-fallback]',
    everyone === '' ? 'exten => s,1,Congestion(20)' : `exten => s,1,Dial(${everyone},60,t)`,
    ' same => n,Hangup()',
  ];
}
