// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Asterisk writes its variables.

// Stand-ins for the contexts that FreePBX and MikoPBX generate around the hooks used by `pbx-config`: context names, their order,
// and the variables they set, following their documentation and published generators. The Asterisk underneath
// is real; nothing of the products themselves runs.

/** The DID that the laboratory's trunk sends to the product's contexts. */
export const productDid = '74950000021';

const fromTrunk = (context: string) => `
[from-trunk]
exten => ${productDid},1,Goto(${context},\${EXTEN},1)
`;

/** FreePBX 16/17: an inbound route to the custom destination "Patchbay", with Return switched on or off. */
export function freepbx(returns: boolean): string {
  const target = returns
    ? ' same => n,Gosub(patchbay-inbound,s,1())\n same => n,Goto(ext-group,650,1)'
    : ' same => n,Goto(patchbay-inbound,s,1)';
  return `${fromTrunk('from-pstn')}
[from-pstn]
include => from-pstn-custom
include => ext-did

[ext-did]
include => ext-did-custom
include => ext-did-0002

[ext-did-0002]
exten => ${productDid},1,Set(__DIRECTION=INBOUND)
 same => n,Set(__FROM_DID=\${EXTEN})
 same => n,Set(CDR(did)=\${FROM_DID})
 same => n,ExecIf($["\${CALLERID(name)}" = ""]?Set(CALLERID(name)=\${CALLERID(num)}))
 same => n(dest-ext),Goto(customdests,dest-1,1)

[customdests]
exten => dest-1,1,NoOp(Entering Custom Destination: Patchbay)
${target}

[ext-queues]
exten => 600,1,Answer()
 same => n,Queue(600,t,,,60)
 same => n,Hangup()

[ext-group]
exten => 650,1,Set(LAB_FALLBACK=\${FROM_DID})
 same => n,Dial(PJSIP/104,30,t)
 same => n,Hangup()
`;
}

/** MikoPBX: the incoming route of the provider SIP-TRUNK-1, which looks for a context with its name and `-custom` before it dials. */
export function mikopbx(): string {
  return `${fromTrunk('SIP-TRUNK-1-incoming')}
[SIP-TRUNK-1-incoming]
exten => ${productDid},1,NoOp(--- Incoming call ---)
 same => n,Set(CHANNEL(hangup_handler_wipe)=hangup_handler,s,1)
 same => n,Set(__FROM_DID=\${EXTEN})
 same => n,Set(__FROM_CHAN=\${CHANNEL})
 same => n,GosubIf($["\${DIALPLAN_EXISTS(\${CONTEXT}-custom,\${EXTEN},1)}" == "1"]?\${CONTEXT}-custom,\${EXTEN},1)
 same => n,Set(LAB_FALLBACK=\${FROM_DID})
 same => n,Dial(PJSIP/104,30,t)
 same => n,Hangup()

[hangup_handler]
exten => s,1,Return()
`;
}
