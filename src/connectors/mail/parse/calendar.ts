/** Limit of a calendar in characters, and of its lines. */
const maxLength = 200_000;
const maxLines = 5000;
/** What is said of an event in words, and what it is called in Russian and English. */
const labels = {
  request: 'Приглашение / Invitation',
  cancel: 'Встреча отменена / Event cancelled',
  reply: 'Ответ на приглашение / Reply to an invitation',
  when: 'Когда / When',
  where: 'Где / Where',
  organiser: 'Организатор / Organiser',
} as const;

interface Property {
  readonly value: string;
  readonly parameters: string;
}

/** An event of a calendar (RFC 5545) in words; null if it has none. Of several, which a repeated event has, the first one counts. */
export function eventText(calendar: string): string | null {
  const lines = calendar
    .slice(0, maxLength)
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/, maxLines);
  const begin = lines.findIndex((line) => /^BEGIN:VEVENT\s*$/i.test(line));
  if (begin === -1) return null;
  const after = lines.slice(begin + 1);
  const end = after.findIndex((line) => /^END:VEVENT\s*$/i.test(line));
  const event = propertiesOf(end === -1 ? after : after.slice(0, end));
  const method = propertiesOf(lines.slice(0, begin)).get('METHOD')?.value.trim().toUpperCase() ?? '';
  const summary = plain(event.get('SUMMARY'));
  const title = method === 'CANCEL' ? labels.cancel : method === 'REPLY' ? labels.reply : labels.request;
  return [
    `${title}: ${summary || '–'}`,
    ...line(labels.when, whenText(event.get('DTSTART'), event.get('DTEND'))),
    ...line(labels.where, plain(event.get('LOCATION'))),
    ...line(labels.organiser, organiserOf(event.get('ORGANIZER'))),
    ...line('', plain(event.get('DESCRIPTION'))),
  ].join('\n');
}

function line(label: string, value: string): readonly string[] {
  if (value === '') return [];
  return [label === '' ? value : `${label}: ${value}`];
}

/** The properties of an event without those of its alarms. The first of equal names counts. */
function propertiesOf(lines: readonly string[]): ReadonlyMap<string, Property> {
  const found = new Map<string, Property>();
  let alarm = false;
  for (const one of lines) {
    if (/^(?:BEGIN|END):VALARM/i.test(one)) alarm = /^BEGIN/i.test(one);
    const parsed = /^([A-Z-]{1,40})((?:;[A-Z-]{1,40}=(?:"[^"]{0,500}"|[^":;]{0,500}))*):/i.exec(one.slice(0, 3000));
    const name = parsed?.[1]?.toUpperCase();
    if (alarm || parsed === null || name === undefined || found.has(name)) continue;
    found.set(name, { parameters: parsed[2] ?? '', value: one.slice(parsed[0].length) });
  }
  return found;
}

function plain(property: Property | undefined): string {
  return (property?.value ?? '')
    .replace(/\\n/gi, '\n')
    .replace(/\\([,;\\"])/g, '$1')
    .trim();
}

function whenText(start: Property | undefined, end: Property | undefined): string {
  const from = momentOf(start);
  const to = momentOf(end);
  if (from === null) return '';
  const [day, time] = from;
  if (to === null || (to[0] === day && to[1] === time)) return [day, time, zoneOf(start)].filter(Boolean).join(' ');
  const until = to[0] === day ? to[1] : to.filter(Boolean).join(' ');
  return [day, [time, until].filter(Boolean).join('–'), zoneOf(start)].filter(Boolean).join(' ');
}

/** Day and time as written in the calendar; null if there are none. */
function momentOf(property: Property | undefined): readonly [day: string, time: string] | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?/.exec(property?.value.trim() ?? '');
  if (parts === null) return null;
  const [, year, month, day, hour, minute] = parts;
  return [`${day}.${month}.${year}`, hour === undefined ? '' : `${hour}:${minute}`];
}

function zoneOf(property: Property | undefined): string {
  if (property === undefined || !property.value.includes('T')) return '';
  if (/Z\s*$/.test(property.value)) return 'UTC';
  const zone = /;TZID="?([^";:]{1,100})/i.exec(property.parameters)?.[1];
  return zone === undefined ? '' : `(${zone})`;
}

function organiserOf(property: Property | undefined): string {
  if (property === undefined) return '';
  const name = /;CN="?([^";:]{1,200})/i.exec(property.parameters)?.[1] ?? '';
  const address = property.value.trim().replace(/^mailto:/i, '');
  return name === '' || name === address ? address : `${name} <${address}>`;
}
