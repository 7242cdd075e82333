/** The people of the benchmarks: as many as are asked for, told apart by their number. */
export interface Person {
  /** Slack's. */
  id: string;
  email: string;
  name: string;
  /** The tool's. */
  externalId: string;
}

/** The zone is the same for all, so that a morning is one minute. */
export const ZONE = 'Etc/UTC';

export function people(count: number): Person[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `U0B${String(n).padStart(7, '0')}`,
    email: `rep${n}@northlight.example`,
    name: `Rep ${n}`,
    externalId: String(100_000 + n),
  }));
}
