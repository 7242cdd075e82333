/** The demo's accounts, deals and flows, all of them invented. Each page lies in an invented CRM. */
import type { GongTask } from './types.ts';

export const CRM = 'https://crm.northlight.example';

export function account(slug: string, name: string): NonNullable<GongTask['account']> {
  return { crmId: `acc-${slug}`, name, crmUrl: `${CRM}/accounts/${slug}` };
}

/** `closesInDays`: from now. */
export type SeedDeal = Omit<NonNullable<GongTask['opportunity']>, 'closeDate'> & { closesInDays: number };

export function deal(
  slug: string,
  name: string,
  stage: string,
  amount: string,
  { percent, closesInDays }: { percent: string; closesInDays: number },
): SeedDeal {
  return {
    crmId: `opp-${slug}`,
    name,
    crmUrl: `${CRM}/deals/${slug}`,
    status: 'Open',
    stage,
    // Free text at Gong: with or without a currency (gong.md 2).
    amount,
    probability: percent,
    closesInDays,
  };
}

/** Flow and step ids differ in the last digit only and lie beyond 2^53, as in Gong's own example (contracts, conflict 9). */
export function flow(name: string, stepNumber: number, step: string): NonNullable<GongTask['flow']> {
  const ids = FLOW_IDS[name];
  if (ids === undefined) throw new RangeError(`No such flow: ${name}`);
  return { id: `${ids}0`, name, step: { id: `${ids}${stepNumber}`, name: step, stepNumber } };
}

const FLOW_IDS: Record<string, string> = {
  'Enterprise outbound, Q4': '169549330122359079',
  'Inbound demo requests': '169549330122359081',
  'Renewals, 90 days out': '169549330122359083',
};
