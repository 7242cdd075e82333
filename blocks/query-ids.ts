/** What the controls of a list's query carry: which message, and the part that is wanted. */
import { z } from 'zod';
import type { Ask } from '../src/core/model/filter.ts';
import { type Query, SORTS, type When } from '../src/core/model/query.ts';
import { KINDS_OF_TASK } from '../src/core/model/task.ts';
import { decodeMessageId, decodeProvider } from './ids.ts';

export const ASK = {
  when: 'ask_when',
  kinds: 'ask_kinds',
  tools: 'ask_tools',
  sort: 'ask_sort',
  text: 'ask_text',
  snoozed: 'ask_snoozed',
  /** Drops all parts, but not the order. */
  all: 'ask_all',
} as const;

type Part = { when: When } | Pick<Query, 'kinds'> | Pick<Query, 'tools'> | Pick<Query, 'sort'>;

const ANY = 'any';

/** `12.overdue`, `12.before+2026-11-27`, `12.call+email`; `12.any` drops the part. */
export function encodeAsk(messageId: string, part: Part | undefined): string {
  return `${messageId}.${(part && wordOf(part)) || ANY}`;
}

function wordOf(part: Part): string {
  if ('when' in part) return part.when.is === 'before' ? `before+${part.when.date}` : part.when.is.replaceAll(' ', '-');
  if ('kinds' in part) return part.kinds?.join('+') ?? '';
  return 'tools' in part ? (part.tools?.join('+') ?? '') : ((part as Pick<Query, 'sort'>).sort ?? '');
}

/** A control's action and its value, as they come back. */
export interface Pressed {
  action: string;
  value: string | undefined;
}

const WHENS = ['overdue', 'today', 'tomorrow', 'week', 'this week', 'next week', 'no date', 'snoozed'] as const;
const Named = z.enum(WHENS);
const Kinds = z.array(z.enum(KINDS_OF_TASK)).min(1);

/** `all`: every part is dropped. undefined: it is none of ours. */
export type Asked = { messageId: string } & ({ ask: Ask } | { all: true });

export function decodeAsked({ action, value }: Pressed): Asked | undefined {
  const [id, word, ...others] = value?.split('.') ?? [];
  const messageId = decodeMessageId(id);
  if (messageId === undefined || others.length > 0) return undefined;
  if (action === ASK.all) return { messageId, all: true };
  if (action === ASK.snoozed) return { messageId, ask: { part: 'when', to: { when: { is: 'snoozed' } } } };
  const ask = word === undefined ? undefined : askOf(action, word);
  return ask && { messageId, ask };
}

function askOf(action: string, word: string): Ask | undefined {
  const part = (['when', 'kinds', 'tools', 'sort'] as const).find((each) => ASK[each] === action);
  if (!part) return undefined;
  if (word === ANY) return { part, to: {} };
  const to = partOf(part, word);
  return to && { part, to };
}

function partOf(part: 'when' | 'kinds' | 'tools' | 'sort', word: string): Query | undefined {
  switch (part) {
    case 'when':
      return whenOf(word);
    case 'kinds': {
      const kinds = Kinds.safeParse(word.split('+')).data;
      return kinds && { kinds };
    }
    case 'tools': {
      const tools = word.split('+').map(decodeProvider);
      return tools.every((tool) => tool !== undefined) ? { tools } : undefined;
    }
    case 'sort': {
      const sort = SORTS.find((each) => each === word);
      return sort && { sort };
    }
  }
}

function whenOf(word: string): Query | undefined {
  const [before, date] = word.split('+');
  if (before === 'before')
    return z.iso.date().safeParse(date).success && date ? { when: { is: before, date } } : undefined;
  const is = Named.safeParse(word.replaceAll('-', ' ')).data;
  return is && { when: { is } };
}

/**
 * The block of the search field. Slack keeps what is being typed while a block keeps its id, so another search has another
 * one, and the same search in a newer Home has the same. The number tells texts apart, and means nothing.
 */
export function searchBlock(text: string): string {
  let number = 0;
  for (const character of text) number = (number * 31 + (character.codePointAt(0) ?? 0)) % 2 ** 31;
  return `search.${number.toString(36)}`;
}
