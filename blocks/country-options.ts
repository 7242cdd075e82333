/** The menus of time zones and countries: long, so they stand in groups, and Slack filters them while someone types. */
import type { PlainTextOption } from '@slack/types';
import { COUNTRIES, suggestedCountries } from '../src/core/model/countries.ts';
import type { Rep } from '../src/core/model/people.ts';
import { option } from './elements.ts';
import { LIMITS } from './limits.ts';
import { zoneName } from './text.ts';

export interface OptionGroup {
  label: { type: 'plain_text'; text: string };
  options: PlainTextOption[];
}

/** Values that are no zone and no country. */
export const AS_IN_SLACK = 'slack';
export const NO_COUNTRY = 'none';

const names = new Intl.DisplayNames('en', { type: 'region' });

export function countryName(code: string): string {
  return names.of(code) ?? code;
}

function group(text: string, options: readonly { text: string; value: string }[]): OptionGroup[] {
  return options.length === 0 ? [] : [{ label: { type: 'plain_text', text }, options: options.map(option) }];
}

const NOBODYS = { text: 'None: holidays are working days', value: NO_COUNTRY };

/** A country is only proposed: nothing is on before the rep chose it. */
export function countryGroups(rep: Pick<Rep, 'slackZone' | 'locale'>): OptionGroup[] {
  const optionOf = (code: string) => ({ text: countryName(code), value: code });
  const suggested = suggestedCountries(rep);
  const others = COUNTRIES.filter((code) => !suggested.includes(code))
    .map(optionOf)
    .sort((one, other) => one.text.localeCompare(other.text, 'en'));
  const byLetter = Map.groupBy(others, ({ text }) => initialOf(text));
  return [
    ...group('No country', [NOBODYS]),
    ...group('Suggested by your Slack', suggested.map(optionOf)),
    ...[...byLetter].flatMap(([letter, options]) => group(letter, options)),
  ];
}

/** Åland stands under A. */
function initialOf(text: string): string {
  return text.normalize('NFD').slice(0, 1).toUpperCase();
}

/** `chosen` stays in the menu, even if this runtime no longer lists it. */
export function zoneGroups(slackZone: string, chosen: string | undefined): OptionGroup[] {
  const listed = Intl.supportedValuesOf('timeZone');
  const optionOf = (zone: string) => ({ text: zone.replaceAll('_', ' '), value: zone });
  const kept = chosen === undefined || listed.includes(chosen) ? [] : [optionOf(chosen)];
  const byRegion = Map.groupBy(listed, (zone) => zone.split('/')[0] ?? '');
  return [
    ...group('Slack', [{ text: `As in Slack: ${zoneName(slackZone)}`, value: AS_IN_SLACK }, ...kept]),
    ...[...byRegion].flatMap(([region, zones]) => inParts(region, zones.map(optionOf))),
  ];
}

/** A group takes a hundred: America has more. */
function inParts(region: string, options: readonly { text: string; value: string }[]): OptionGroup[] {
  const groups: OptionGroup[] = [];
  for (let start = 0; start < options.length; start += LIMITS.selectOptions) {
    const part = options.slice(start, start + LIMITS.selectOptions);
    groups.push(...group(start === 0 ? region : `${region}, continued`, part));
  }
  return groups;
}
