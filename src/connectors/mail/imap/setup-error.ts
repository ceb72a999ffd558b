/** The server said no for good until somebody changes something: the password, the token's consent, the folder's name. */
export class MailSetupError extends Error {}
