import Format from 'typebox/format';

/** Whether this is a time zone that the runtime knows. */
export function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** Makes the formats known that modules' schemas may name beside JSON Schema's own: `time-zone`. */
export function registerFormats(): void {
  Format.Set('time-zone', isTimezone);
}
