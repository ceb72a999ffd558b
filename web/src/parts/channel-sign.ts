/** A sign for each channel, from characters that every font has. Its name stands beside it for screen readers. */
export const channelSign = { call: '☎', email: '✉', message: '❝', form: '✎', meeting: '☕' } as const;
