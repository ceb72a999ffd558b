/** What went wrong between us and an outside service, over HTTP. */
export const servicePhrases = {
  serviceCut: "{service} can't be reached: the connection broke off",
  serviceUnreachable: "{service} can't be reached",
  proxyFailed: "{service} can't be reached: the proxy did not let us through",
  certificateUntrusted:
    'the certificate of {service} is not trusted ({error}): if a private authority issued it, name its PEM file as `ca`',
  authoritiesUnreadable: "the certificate authorities in {file} can't be read ({error})",
  serviceSilent: '{service} did not answer in time',
  programStopping: 'the program stopped meanwhile',
  unexplained: 'it broke off without a reason; the log has it',

  givenUp: 'given up after {attempts} attempts: {reason}',
  serviceBusy: '{service} answered HTTP {status}: it asks to try later',
  serviceDenied: '{service} answered HTTP {status}: it does not accept our access',
  serviceFailed: '{service} answered HTTP {status}: it has trouble of its own',
  serviceRefused: '{service} answered HTTP {status}: it refuses the request',
  redirected: '{service} answered HTTP {status}: a redirect, which is not followed',
  answerUnreadable: '{service} answered something that is no JSON object',
  answerTooLong: '{service} answered more than {bytes} bytes',
  answerNameless: '{service} took it but did not say how it calls it',
  answerUnclear: '{service} did not say whether it took what it was sent',

  fileNotGiven: '{service} did not give the file: HTTP {status}',
  fileNowhere: '{service} gave no address for the file',
  fileTooManyRedirects: '{service} led from one place to the next instead of giving a file',
  addressNotHttp: '{service} gave an address that is no http',
  addressForbidden: '{service} led to a place inside our network (`allowNetworks` lets one in)',
} as const;
