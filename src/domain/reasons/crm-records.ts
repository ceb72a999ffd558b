/** Problems of what CRM cores record. */
export const crmRecordPhrases = {
  stepUnsettled: '{service} may still be working on the previous attempt',
  earlierMessageFirst: '{service} has not taken an earlier message of the conversation yet',
  cardGone: '{service} no longer has the card {card}; waiting until the directory is read again',
  cardNotYet: '{service} has no card for it yet',
  stageUnknown: '{service} has no stage {stage}: correct the setting, then retry',
  callsStay: '{service} keeps {count} calls of the deleted client, which only its users can delete: {card}',
  callFixed: '{service} does not let a finished call be changed',
  talkersChanged:
    'managers of the call are other users of {service} by now, so that their talks would be recorded once more',
  statisticsStay: '{service} keeps a doubled call in its statistics, where nothing can be deleted; it has no activity',
  soundGone: 'the recording is no longer here',
  tooOldToMake: 'contacts older than {days} days make no leads and deals',
} as const;
