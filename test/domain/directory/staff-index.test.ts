import { expect, it } from 'vitest';
import type { Line } from '../../../src/domain/directory/manager.ts';
import { StaffIndex } from '../../../src/domain/directory/staff-index.ts';

const line = (id: string, address: string, areaCode?: string): Line => ({
  id,
  channel: 'call',
  address,
  label: id,
  connection: null,
  attribution: { source: null, medium: null, campaign: null },
  route: null,
  ...(areaCode !== undefined && { areaCode }),
});

const lines = [line('moscow', '74950000100'), line('spb', '0000200', '812')];
const staff = new StaffIndex({ managers: [], lines }, 'RU/495');

it('finds a line by any spelling of its number', () => {
  expect(staff.line('pbx', '0000100')?.id).toBe('moscow');
  expect(staff.line('pbx', '8 (812) 000-02-00')?.id).toBe('spb');
  expect(staff.line('pbx', '0000200')?.id).toBe('spb');
  expect(staff.line('pbx', '8 (495) 000-02-00')).toBeNull();
});

it("knows the area code of a line's callers", () => {
  expect(staff.regionOf('pbx', '78120000200')).toBe('RU/812');
  expect(staff.regionOf('pbx', '74950000100')).toBe('RU/495');
  expect(staff.regionOf('pbx', null)).toBe('RU/495');
});
