/** Which fields are asked for of what a task is shown with (outreach.md 2). */
import { ProviderError } from '../../core/model/errors.ts';
import type { Query } from './client.ts';
import { holds } from './mapping.ts';

/** The plural under which the scope goes, the attributes that every account has, and those that an account may lack. */
const DECORATIONS = {
  prospect: [
    'prospects',
    'firstName,lastName,name,title,company,emails',
    ',mobilePhones,workPhones,otherPhones,homePhones,linkedInUrl,timeZone,timeZoneIana,optedOut,callOptedOut,emailOptedOut,touchedAt',
  ],
  account: ['accounts', 'name', ''],
  opportunity: ['opportunities', 'name,amount', ',currencyType,closeDate,probability'],
  sequence: ['sequences', 'name', ''],
  sequenceStep: ['sequenceSteps', 'displayName,order', ''],
  taskPriority: ['taskPriorities', 'name', ''],
} as const;

type Extent = 'all' | 'some';

interface Fields {
  /**
   * `send` gets the part of the query, and calls `isAnswered` with the first answer: what is refused later has another cause.
   */
  ask<T>(scopes: ReadonlySet<string>, send: (shown: Query, isAnswered: () => void) => Promise<T>): Promise<T>;
}

/**
 * A field that the account does not know may get the whole request refused with a 400 (outreach.md 2.13). Then it is asked
 * once more for those that every account has; if that is taken, nobody asks for the others again while the process runs.
 */
export function createFields(): Fields {
  let extent: Extent = 'all';

  return {
    async ask(scopes, send) {
      const asked = extent;
      let hasAnswer = false;
      try {
        return await send(decoration(scopes, asked), () => {
          hasAnswer = true;
        });
      } catch (refusal) {
        if (asked === 'some' || hasAnswer || !isBadRequest(refusal)) throw refusal;
        return askForSome(send, decoration(scopes, 'some'), refusal);
      }
    },
  };

  async function askForSome<T>(
    send: (shown: Query, isAnswered: () => void) => Promise<T>,
    shown: Query,
    refusal: unknown,
  ) {
    const remember = () => {
      extent = 'some';
    };
    try {
      const value = await send(shown, remember);
      remember();
      return value;
    } catch (error) {
      throw isBadRequest(error) ? refusal : error;
    }
  }
}

/** Of the question itself: a renewal of the token may be refused in between. */
function isBadRequest(error: unknown): boolean {
  return error instanceof ProviderError && error.status === 400 && error.operation.startsWith('GET ');
}

/**
 * `fields[task]` is left out, because it would drop the relationships that it does not name (contracts, unknown O5). What the
 * rep did not let us read is not asked for: Outreach would refuse the whole request.
 */
function decoration(scopes: ReadonlySet<string>, extent: Extent): Query {
  const readable = Object.entries(DECORATIONS).filter(([, [plural]]) => holds(scopes, plural, 'read'));
  return {
    ...(readable.length > 0 && { include: readable.map(([type]) => type).join() }),
    ...Object.fromEntries(
      readable.map(([type, [, some, more]]) => [`fields[${type}]`, extent === 'all' ? some + more : some]),
    ),
    provideAuthorizationMeta: 'true',
  };
}
