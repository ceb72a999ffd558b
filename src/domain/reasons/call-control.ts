/** Why a command to a call under way was not carried out. */
export const controlPhrases = {
  commandLate: 'the command could not be carried out in time',
  commandAway: 'there is no connection to the PBX, so the call was left as it is',
  commandCut: 'the connection broke before the PBX confirmed the command; look at the call before repeating it',
  commandStopped: 'the program stopped while the command was carried out; look at the call before repeating it',
  commandForbidden: 'the PBX does not allow this: the AMI user needs write=call,originate',
  commandRefused: 'the PBX refused the command',
  commandUnknown: 'this PBX does not know the command {action}',
  commandUnsupported: 'this connection cannot control calls',
  callOver: 'the call has already ended',
  legOver: 'the telephone is no longer in the call',
  notTalking: 'nobody is talking at the telephone {extension} in this call',
  ringsElsewhere: 'the telephone {extension} is already being rung for this call',
  notRinging: 'the telephone {extension} no longer rings',
  partyGone: 'the outside party is no longer in the call',
  transferUnset:
    '`callControl` is not set in the configuration of this PBX, so it is unknown where extensions are dialled',
  transferRefused: 'the PBX cannot transfer this call now',
  consultSilent:
    'the PBX accepted the command, but dialled nobody: attended transfers need `atxfer` in features.conf, and t or T in the options of Dial or Queue',
  notConsulting: 'no attended transfer is under way',
  parkingMissing: 'the PBX has no parking lot: see res_parking.conf',
} as const;
