/** Why a messenger did not take a message; what each means for the sending is in `connectors/shared/refusals.ts`. */
export const messengerPhrases = {
  neverWrote: '{provider} delivers only to people who have written to us before',
  noRecipient: 'there is no account or conversation to write to',
  sendUrlMissing: 'the connection {connection} has no `url` to send to',

  blockedUs: 'the client has blocked us on {provider}, or has left the conversation',
  writingForbidden: 'the client does not allow us to write on {provider}',
  chatGone: '{provider} does not know this conversation',
  accountGone: '{provider} does not know this client any more',
  notOnService: '{provider} cannot deliver to this client: not on {provider}, or its terms are not accepted',
  appTooOld: "the client's {provider} is too old for this message",
  countryUnsupported: '{provider} does not deliver in the country of the client',
  windowClosed: 'more than 24 hours have passed since the client last wrote: {provider} takes templates only',
  templateRefused: '{provider} does not take the message template of this connection',
  deliveryHeldBack: '{provider} chose not to deliver this message, to spare the client too many',

  textTooLong: 'the message is longer than {provider} takes',
  kindRefused: '{provider} does not take this kind of message',
  fileRefused: '{provider} does not take the file',
  uploadRefused: '{provider} does not take the file {name}',
  fileTooLarge: '{provider} takes files of at most {limit} MB, {name} is larger',
  filesTooLarge: 'the files of one message may have {limit} MB together, these have more',
  filesUnsupported: '{provider} takes no files from here: send a link to them instead',
  fileNotReady: '{provider} is not done with the file yet',

  rateLimited: '{provider} asks to send more slowly',
  providerDown: '{provider} has trouble of its own',
  tokenInvalid: '{provider} does not accept our access token',
  rightMissing: '{provider} denies our account the right to do this',
  accountBlocked: '{provider} has blocked or suspended our account',
  paymentMissing: '{provider} wants to be paid before it delivers more',
  webhookMissing: '{provider} has no webhook of ours to answer to',
  otherProgram: 'another program uses this bot of {provider}',

  refusedByProvider: '{provider} refused the message ({error})',
  notDelivered: '{provider} could not deliver the message',
  updatesWaiting: '{provider} cannot reach {url}, {count} updates wait there',
} as const;
