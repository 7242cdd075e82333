/** What ranks a task, and how much each of it weighs (docs/ranking.md). */

/** In the order of docs/ranking.md. */
export const FACTORS = ['overdue', 'due', 'priority', 'amount', 'closing', 'kind', 'skips'] as const;

export type Factor = (typeof FACTORS)[number];

/** 0 leaves a factor out. */
export type Weights = Readonly<Record<Factor, number>>;

export const DEFAULT_WEIGHTS: Weights = {
  overdue: 6,
  due: 10,
  priority: 3,
  amount: 1,
  closing: 2,
  kind: 0.5,
  skips: 4,
};

const HEAVIEST = 100;

/**
 * `amount=3, priority=0`; what is left out has its default. Every problem is told, by the number of its pair: a value that
 * is not understood may be a secret in the wrong place.
 */
export function parseWeights(text: string): { weights: Weights } | { problems: readonly string[] } {
  const weights: Record<Factor, number> = { ...DEFAULT_WEIGHTS };
  const problems: string[] = [];
  const given = new Set<string>();
  for (const [index, pair] of text.split(',').entries()) {
    const [name = '', value = '', ...more] = pair.split('=').map((part) => part.trim());
    const factor = FACTORS.find((known) => known === name);
    const problem = problemOf(factor, more.length > 0 ? '' : value, given);
    if (problem) problems.push(`pair ${index + 1} ${problem}`);
    if (!factor) continue;
    given.add(factor);
    weights[factor] = Number(value);
  }
  return problems.length > 0 ? { problems } : { weights };
}

function problemOf(factor: Factor | undefined, value: string, given: ReadonlySet<string>): string | undefined {
  if (factor === undefined) return `has none of the names ${FACTORS.join(', ')}`;
  if (given.has(factor)) return `names ${factor} a second time`;
  if (/^\d{1,3}(\.\d{1,3})?$/.test(value) && Number(value) <= HEAVIEST) return undefined;
  return `(${factor}) has no number from 0 to ${HEAVIEST}`;
}
