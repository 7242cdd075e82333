/** Countries whose public holidays can be days off. */
import type { Rep } from './people.ts';

/** ISO 3166-1 codes: those that `src/holidays.ts` knows (a test compares them), so that a window need not load it. */
export const COUNTRIES: readonly string[] = (
  'AD AE AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BW BY BZ CA CC CD CF ' +
  'CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FO FR GA GB GD GE GF ' +
  'GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU IC ID IE IL IM IN IR IS IT JE JM JP KE KM KN KR KY KZ LC ' +
  'LI LK LR LS LT LU LV LY MA MC MD ME MF MG MK ML MQ MR MS MT MU MW MX MY MZ NA NC NE NF NG NI NL NO NZ PA PE PF ' +
  'PH PK PL PM PR PT PY RE RO RS RU RW SA SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TC TD TG TH TN TO ' +
  'TR TT TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF XK YT ZA ZM ZW'
).split(' ');

/** The countries of the zone and of the language in Slack, the zone's first: many use Slack in American English. */
export function suggestedCountries({ slackZone, locale }: Pick<Rep, 'slackZone' | 'locale'>): string[] {
  const all = [countryOfZone(slackZone), regionOf(locale)];
  return COUNTRIES.filter((country) => all.includes(country)).sort(
    (one, other) => all.indexOf(one) - all.indexOf(other),
  );
}

/** `getTimeZones` is newer than TypeScript's types. */
type LocaleWithZones = Intl.Locale & { getTimeZones?(): string[] | undefined };

/** By the runtime's own tables. Reading all of them takes long enough to do it once. */
let countryByZone: ReadonlyMap<string, string> | undefined;

function countryOfZone(zone: string): string | undefined {
  countryByZone ??= new Map(COUNTRIES.flatMap((country) => zonesOf(country).map((each) => [each, country])));
  return countryByZone.get(zone) ?? countryByZone.get(canonical(zone));
}

function zonesOf(country: string): readonly string[] {
  const locale: LocaleWithZones = new Intl.Locale('und', { region: country });
  return locale.getTimeZones?.() ?? [];
}

/** Zones have several names, of which the tables have one. */
function canonical(zone: string): string {
  return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
}

function regionOf(locale: string | undefined): string | undefined {
  try {
    return locale === undefined ? undefined : new Intl.Locale(locale).region;
  } catch {
    return undefined;
  }
}
