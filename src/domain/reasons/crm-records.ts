/** Problems of what CRM cores record. */
export const crmRecordPhrases = {
  stepUnsettled: '{service} may still be working on the previous attempt',
  earlierMessageFirst: '{service} has not taken an earlier message of the conversation yet',
  cardGone: '{service} no longer has the card {card}; waiting until the directory is read again',
  cardNotYet: '{service} has no card for it yet',
  stageUnknown: '{service} has no stage {stage}: correct the setting, then retry',
  callsStay: '{service} keeps {count} calls of the deleted client, which only its users can delete: {card}',
} as const;
