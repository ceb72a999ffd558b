/** Why a messenger did not accept a message. `connectors/shared/refusals.ts` defines the effect of each reason on sending. */
export const messengerPhrases = {
  neverWrote: '{provider} delivers only to people who have written to us before',
  noRecipient: 'there is no account or conversation to write to',
  sendUrlMissing: 'the connection {connection} has no `url` to send to',

  blockedUs: 'the client has blocked us on {provider}, or has left the conversation',
  writingForbidden: 'the client does not allow us to write on {provider}',
  chatGone: '{provider} does not know this conversation',
  accountGone: '{provider} no longer knows this client',
  notOnService: '{provider} cannot deliver to this client, who does not use {provider} or has not accepted its terms',
  appTooOld: "the client's {provider} app is too old for this message",
  countryUnsupported: "{provider} does not deliver in the client's country",
  windowClosed: 'more than 24 hours have passed since the client last wrote: {provider} accepts templates only',
  templateRefused: '{provider} rejects the message template of this connection',
  deliveryHeldBack: '{provider} withheld this message, because the client receives too many',

  textTooLong: 'the message is too long for {provider}',
  kindRefused: '{provider} does not accept this kind of message',
  fileRefused: '{provider} does not accept the file',
  uploadRefused: '{provider} does not accept the file {name}',
  fileTooLarge: '{provider} accepts files of at most {limit} MB, and {name} is larger',
  filesTooLarge: 'the files of one message exceed the limit of {limit} MB',
  filesUnsupported: 'files cannot be sent by {provider}: send a link to them instead',
  fileNotReady: '{provider} is still processing the file',

  rateLimited: '{provider} limits the rate of messages',
  providerDown: '{provider} has an internal problem',
  tokenInvalid: '{provider} does not accept our access token',
  rightMissing: '{provider} denies our account the right to do this',
  accountBlocked: '{provider} has blocked or suspended our account',
  paymentMissing: '{provider} requires payment before it delivers more',
  webhookMissing: 'no webhook of ours is registered with {provider}',
  otherProgram: 'another program uses this {provider} bot',

  refusedByProvider: '{provider} refused the message ({error})',
  notDelivered: '{provider} could not deliver the message',
  updatesWaiting: '{provider} cannot reach {url}, and {count} updates are waiting',
} as const;
