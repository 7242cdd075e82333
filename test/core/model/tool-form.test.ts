import { expect, test } from 'vitest';
import { endOf, LONGEST_VALUE, readToolForm, type ToolField } from '../../../src/core/model/tool-form.ts';

const key: ToolField = { name: 'KEY', label: 'Key', hint: '' };
const days: ToolField = { ...key, name: 'DAYS', optional: true, takes: 'days' };
const address: ToolField = { ...key, name: 'URL', optional: true, takes: { addressOf: 'api.gong.io' } };

test('what stands around a value that was copied is left away, and what is left empty is not there', () => {
  const typed = { KEY: '\u200b  abc-123\ufeff \n', DAYS: ' ', URL: undefined };
  expect(readToolForm([key, days, address], typed)).toEqual({ settings: { KEY: 'abc-123' } });
});

test.each([
  ['', 'missing'],
  [' \u200b ', 'missing'],
  ['“abc”', 'quotes'],
  ['`abc`', 'quotes'],
  ['two words', 'characters'],
  ['schlüssel', 'characters'],
  ['a\u2014b', 'characters'],
  ['x'.repeat(LONGEST_VALUE + 1), 'characters'],
])('%j is no key', (text, is) => {
  expect(readToolForm([key], { KEY: text })).toEqual({ problems: { KEY: { is } } });
});

test.each([
  ['https://api.gong.io', 'https://api.gong.io'],
  ['https://company-17.api.gong.io/', 'https://company-17.api.gong.io'],
  ['HTTPS://Company-17.API.gong.io', 'https://company-17.api.gong.io'],
])('%s is an address of the tool', (text, url) => {
  expect(readToolForm([address], { URL: text })).toEqual({ settings: { URL: url } });
});

test.each([
  'http://api.gong.io',
  'https://169.254.169.254',
  'https://localhost',
  'https://[::1]',
  'https://evil.example',
  'https://api.gong.io.evil.example',
  'https://evilapi.gong.io',
  'https://api.gong.io@evil.example',
  'https://evil.example#.api.gong.io',
  'https://evil.example/.api.gong.io',
  'https://evil.example\\.api.gong.io',
  'https://user:pass@api.gong.io',
  'https://api.gong.io:8443',
  'https://api.gong.io/v2',
  'https://api.gong.io/?to=evil.example',
  'https://api.gong.io#',
  'https://api.gong.io.',
  'file:///etc/passwd',
  'api.gong.io',
])('%s is none: this machine calls no other host for an admin', (text) => {
  expect(readToolForm([address], { URL: text })).toEqual({ problems: { URL: { is: 'address', of: 'api.gong.io' } } });
});

test.each([
  ['1', '1'],
  ['030', '30'],
  ['365', '365'],
])('%s is a number of days', (text, value) => {
  expect(readToolForm([days], { DAYS: text })).toEqual({ settings: { DAYS: value } });
});

test.each(['0', '366', '-1', '1.5', '1e2', 'ten'])('%s is none', (text) => {
  expect(readToolForm([days], { DAYS: text })).toEqual({ problems: { DAYS: { is: 'days' } } });
});

test('every problem is said at once', () => {
  expect(readToolForm([key, days], { DAYS: 'x' })).toEqual({
    problems: { KEY: { is: 'missing' }, DAYS: { is: 'days' } },
  });
});

test('of a key the last four characters are shown, and nothing where they were much of it', () => {
  expect(endOf('0123456789ab')).toBe('89ab');
  expect(endOf('0123456789a')).toBeUndefined();
  expect(endOf(undefined)).toBeUndefined();
});
