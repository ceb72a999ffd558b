/** Problems of HTTP requests to outside services. */
export const servicePhrases = {
  serviceCut: "{service} can't be reached: the connection broke",
  serviceUnreachable: "{service} can't be reached",
  proxyFailed: "{service} can't be reached: the proxy refused the connection",
  certificateUntrusted:
    'the certificate of {service} is not trusted ({error}): if a private authority signed it, set `ca` to the PEM file of that authority',
  authoritiesUnreadable: "the certificate authorities in {file} can't be read ({error})",
  serviceSilent: '{service} did not answer in time',
  programStopping: 'the program is stopping',
  unexplained: 'an unexpected error occurred; see the log',

  givenUp: 'given up after {attempts} attempts: {reason}',
  serviceBusy: '{service} answered HTTP {status}: it asks us to try again later',
  serviceDenied: '{service} answered HTTP {status}: it denies us access',
  serviceFailed: '{service} answered HTTP {status}: it has an internal problem',
  serviceRefused: '{service} answered HTTP {status}: it refuses the request',
  redirected: '{service} answered HTTP {status}: a redirect, which is not followed',
  answerUnreadable: 'expected a JSON object from {service}, got something else',
  answerTooLong: '{service} answered more than {bytes} bytes',
  answerNameless: '{service} accepted it but returned no id',
  answerUnclear: '{service} did not say whether it accepted the request',

  fileNotGiven: '{service} did not return the file: HTTP {status}',
  fileNowhere: '{service} gave no address for the file',
  fileTooManyRedirects: '{service} redirected too often instead of returning a file',
  addressNotHttp: 'expected an http address from {service}, got something else',
  addressForbidden: '{service} returned a private address (`allowNetworks` can permit its network)',
} as const;
