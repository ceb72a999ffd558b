/** Problems of CRM cores: how they are connected, and their limits. */
export const crmPhrases = {
  appNotInstalled: 'the application is not installed in {portal}: run `patchbay crm connect`, and install it there',
  appReinstall: '{service} no longer accepts the tokens of the application: install it in {portal} again',
  appSecretWrong: '{service} does not know the application: check clientId and clientSecret',
  otherPortal: 'these tokens belong to another portal than {portal}',
  methodRefused: '{service} refused the request ({error})',
  methodsDenied: '{service} does not allow: {methods}',
  methodRests: '{service} has used up the working time of {method}, which goes on later',
  directoryReading: 'reading the clients: {read} of {total} entries',
  keyRefused: '{service} answered HTTP 400: check `key`, which has to be the one that is entered there',
  serviceMissing: '{service} answered HTTP 404: check `url`, and whether the service is published',
  openLineInactive:
    'open line {line} of {service} does not take {channel}: connect it in the contact centre of the portal, or correct `openLines`',
  limitReached: '{service} takes no more requests for now',
} as const;
