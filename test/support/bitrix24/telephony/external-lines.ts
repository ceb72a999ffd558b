import { coreError } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import type { ExternalLine } from '../state.ts';

/** `telephony.externalLine.*`. */
export const externalLineMethods: readonly Method[] = [
  {
    name: 'telephony.externalLine.add',
    scopes: ['telephony'],
    appOnly: true,
    parameters: ['NUMBER', 'NAME', 'CRM_AUTO_CREATE'],
    run: (call) => {
      const number = numberOf(call);
      if (ownLine(call, number) !== null) throw coreError('Line already exists');
      return { ID: addLine(call, number).id };
    },
  },
  {
    name: 'telephony.externalLine.update',
    scopes: ['telephony'],
    appOnly: true,
    parameters: ['NUMBER', 'NAME', 'CRM_AUTO_CREATE'],
    run: (call) => {
      const line = existing(call);
      line.name = call.parameters.text('NAME') ?? line.name;
      line.autoCreate = call.parameters.flag('CRM_AUTO_CREATE', line.autoCreate);
      return { ID: line.id };
    },
  },
  {
    name: 'telephony.externalLine.get',
    scopes: ['telephony'],
    appOnly: true,
    parameters: [],
    run: ({ core, authority }) =>
      [...core.state.lines.values()]
        .filter(({ source }) => source === authority.source)
        .map(({ number, name, autoCreate }) => ({
          NUMBER: number,
          NAME: name,
          CRM_AUTO_CREATE: autoCreate ? 'Y' : 'N',
        })),
  },
  {
    name: 'telephony.externalLine.delete',
    scopes: ['telephony'],
    appOnly: true,
    parameters: ['NUMBER'],
    run: (call) => {
      const line = existing(call);
      call.core.state.lines.delete(keyOf(call, line.number));
      return [];
    },
  },
];

/** The line of `LINE_NUMBER`; an unknown one becomes a line of the caller. Null if not given. */
export function lineOf(call: Call): ExternalLine | null {
  const number = call.parameters.text('LINE_NUMBER');
  return number === null ? null : (ownLine(call, number) ?? addLine(call, number));
}

function keyOf({ authority }: Call, number: string): string {
  return `${authority.source} ${number}`;
}

function ownLine(call: Call, number: string): ExternalLine | null {
  return call.core.state.lines.get(keyOf(call, number)) ?? null;
}

function addLine(call: Call, number: string): ExternalLine {
  const { core, parameters, authority } = call;
  const line = {
    id: core.nextId('line'),
    number,
    name: parameters.text('NAME') ?? number,
    autoCreate: parameters.flag('CRM_AUTO_CREATE', true),
    source: authority.source,
  };
  core.state.lines.set(keyOf(call, number), line);
  return line;
}

function numberOf({ parameters }: Call): string {
  const number = parameters.text('NUMBER');
  if (number === null) throw coreError('NUMBER should not be empty');
  return number;
}

function existing(call: Call): ExternalLine {
  const number = numberOf(call);
  const line = ownLine(call, number);
  if (line === null) throw coreError(`Could not find line with number ${number}`);
  return line;
}
