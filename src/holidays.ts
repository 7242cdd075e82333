/**
 * Public holidays, by the library date-holidays: it has the rules of 207 countries and computes the dates. It is large, so
 * it is loaded when somebody has chosen a country, and each country and year is computed once.
 */
import type HolidayRules from 'date-holidays';
import { DAY, type Holidays, NO_HOLIDAYS } from './core/model/time.ts';
import type { Calendar } from './core/ports/calendar.ts';

export function createCalendar(): Calendar {
  const known = new Map<string, Promise<Holidays>>();
  return {
    async holidaysOf(country) {
      if (country === undefined) return NO_HOLIDAYS;
      const holidays = known.get(country) ?? load(country);
      known.set(country, holidays);
      return holidays;
    },
  };
}

async function load(country: string): Promise<Holidays> {
  const { default: Rules } = await import('date-holidays');
  // Banks and schools close on other days too. Names as the country's own English has them: Labor Day.
  const languages = [`en-${country.toLowerCase()}`, 'en'];
  const rules = new Rules(country, { types: ['public'], languages });
  const years = new Map<string, ReadonlyMap<string, string>>();
  return (date) => {
    const year = date.slice(0, 4);
    const dates = years.get(year) ?? datesOf(rules, Number(year));
    years.set(year, dates);
    return dates.get(date);
  };
}

function datesOf(rules: HolidayRules, year: number): Map<string, string> {
  const dates = new Map<string, string>();
  // What begins in December may end in January.
  for (const holiday of [year - 1, year].flatMap((each) => rules.getHolidays(each))) {
    const first = Date.parse(`${holiday.date.slice(0, 10)}T00:00:00Z`);
    for (let day = 0; day < wholeDays(holiday); day += 1) {
      const date = new Date(first + day * DAY).toISOString().slice(0, 10);
      dates.set(date, dates.get(date) ?? holiday.name);
    }
  }
  return dates;
}

/** An afternoon off is no day off. Days have 23 or 25 hours where the clock changes. */
function wholeDays({ start, end }: { start: Date; end: Date }): number {
  return Math.floor((end.getTime() - start.getTime()) / DAY + 0.1);
}
