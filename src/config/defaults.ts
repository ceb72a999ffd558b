/** Default values of the configuration. The schema publishes them, and the loader fills them in. */
export const defaults = {
  company: { name: 'Patchbay', country: 'RU', timezone: 'Europe/Moscow', language: 'ru' },
  http: { host: '127.0.0.1', port: 8080, trustProxy: ['loopback'] },
  access: { scope: 'company', reads: { alarm: 1000, limit: 5000 }, auditMonths: 12, recordings: 'own' },
  store: { url: 'sqlite:./data/patchbay.db', keepDetached: false },
  queue: { url: 'local' },
  blobs: { url: 'file:./data/blobs' },
  log: { level: 'info' },
  line: { channel: 'call', pool: { hold: '15m' } },
  messages: { undo: '10s' },
  routing: {
    deadline: '500ms',
    /** Seconds. */
    ringTimeout: 20,
    /** Working minutes. */
    within: { callBack: 15, answer: 60 },
    /** `after` is in working minutes. */
    misses: { to: ['client'], escalate: { after: 30, to: 'head' } },
    /** Days. */
    last: { within: 30 },
    fallback: 'default',
    strategy: 'all',
  },
} as const;
