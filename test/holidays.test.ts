/** Public holidays as days off. What is right for a country is the library's; how its answers are read is ours. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Rules from 'date-holidays';
import { expect, test } from 'vitest';
import { COUNTRIES, suggestedCountries } from '../src/core/model/countries.ts';
import { createCalendar } from '../src/holidays.ts';

const calendar = createCalendar();

async function datesOf(country: string | undefined, from: string, to: string): Promise<string[]> {
  const holidays = await calendar.holidaysOf(country);
  const found: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) {
    const date = new Date(at).toISOString().slice(0, 10);
    const name = holidays(date);
    if (name !== undefined) found.push(`${date} ${name}`);
  }
  return found;
}

test.each([
  [
    'national ones, with the day that stands in for a Saturday',
    'US',
    '2026-06-20',
    '2026-09-30',
    ['2026-07-03 Independence Day (substitute day)', '2026-07-04 Independence Day', '2026-09-07 Labor Day'],
  ],
  [
    'by their English names',
    'DE',
    '2026-12-20',
    '2027-01-05',
    ['2026-12-25 Christmas Day', '2026-12-26 Boxing Day', "2027-01-01 New Year's Day"],
  ],
  [
    'each day of one that lasts for days, and no afternoon before it',
    'TR',
    '2026-05-20',
    '2026-06-05',
    [
      '2026-05-27 Feast of the Sacrifice (Eid al-Adha)',
      '2026-05-28 Feast of the Sacrifice (Eid al-Adha)',
      '2026-05-29 Feast of the Sacrifice (Eid al-Adha)',
      '2026-05-30 Feast of the Sacrifice (Eid al-Adha)',
    ],
  ],
  [
    'one that goes on into the new year',
    'SZ',
    '2026-12-28',
    '2027-01-04',
    [
      ...['28', '29', '30', '31'].map((day) => `2026-12-${day} Incwala Festival`),
      '2027-01-01 Incwala Festival',
      '2027-01-02 Incwala Festival',
    ],
  ],
  [
    'no half day: the afternoons before Christmas and New Year',
    'IS',
    '2026-12-24',
    '2026-12-31',
    ['2026-12-25 Christmas Day', '2026-12-26 Boxing Day'],
  ],
  ['none of a country that there is not', 'XX', '2026-01-01', '2026-12-31', []],
  ['none without a country', undefined, '2026-01-01', '2026-12-31', []],
] as const)('days off are %s', async (_name, country, from, to, expected) => {
  expect(await datesOf(country, from, to)).toEqual(expected);
});

test('a country and year is computed once', async () => {
  const { getHolidays } = Rules.prototype;
  let computed = 0;
  Rules.prototype.getHolidays = function (...args) {
    computed += 1;
    return getHolidays.apply(this, args);
  };
  try {
    const own = createCalendar();
    for (let time = 0; time < 3; time += 1)
      for (const day of ['01', '02']) (await own.holidaysOf('FR'))(`2031-01-${day}`);
  } finally {
    Rules.prototype.getHolidays = getHolidays;
  }

  // The year before it as well: its last holiday may go on.
  expect(computed).toBe(2);
});

test('the countries that can be chosen are those that the library knows', () => {
  expect(COUNTRIES).toEqual(Object.keys(new Rules().getCountries('en')));
});

test('the library is loaded when somebody has chosen a country, and not before', async () => {
  const path = (file: string) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ resolve: (name, context, next) => { if (name === 'date-holidays') loaded.push(name); return next(name, context); } });
    await import(${path('../src/app.ts')});
    const { createCalendar } = await import(${path('../src/holidays.ts')});
    const { settingsModal } = await import(${path('../blocks/settings-modal.ts')});
    const calendar = createCalendar();
    await calendar.holidaysOf(undefined);
    const before = loaded.length;
    await calendar.holidaysOf('DE');
    await calendar.holidaysOf('US');
    console.log(JSON.stringify([before, loaded.length > 0, typeof settingsModal]));`;

  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);

  expect(JSON.parse(stdout)).toEqual([0, true, 'function']);
});

test.each([
  ['the zone in Slack', 'Europe/Berlin', undefined, ['DE']],
  ['the zone by its old or its new name', 'Asia/Kolkata', undefined, ['IN']],
  ['the zone first, then the language', 'Europe/Berlin', 'en-US', ['DE', 'US']],
  ['both where they agree, once', 'America/New_York', 'en-US', ['US']],
  ['the language alone where the zone has no country', 'UTC', 'fr-CA', ['CA']],
  ['the language alone where the zone is an offset', '+03:00', 'de-DE', ['DE']],
  ['nothing for a language without a country', '-05:00', 'es', []],
  ['nothing for what is no language', 'UTC', 'not a locale', []],
])('the country is proposed by %s', (_name, slackZone, locale, expected) => {
  expect(suggestedCountries({ slackZone, locale })).toEqual(expected);
});
