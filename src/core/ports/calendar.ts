/** Public holidays; `src/holidays.ts` computes them. */
import type { Holidays } from '../model/time.ts';

export interface Calendar {
  /** By ISO 3166-1 code. None for a country that it does not know, and for none. */
  holidaysOf(country: string | undefined): Promise<Holidays>;
}
