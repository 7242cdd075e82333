/** What is the same for all providers that create tasks: whom a rep may mean, and whether a task is the one that was asked for. */
import { fold } from '../core/model/text.ts';
import type { Person, PersonFound } from '../core/ports/provider.ts';
import { plainText } from './html.ts';

/** A window shows them as choices. */
const MOST_SHOWN = 5;

export function isAddress(who: string): boolean {
  return who.includes('@');
}

export function wordsOf(name: string): string[] {
  return name.split(/\s+/).filter((word) => word !== '');
}

/** Every word is a whole word of the name: `Ann` is not Anna. Case and accents do not count. */
export function isNamed(name: string, asked: string): boolean {
  const own = new Set(wordsOf(fold(name)));
  const words = wordsOf(fold(asked));
  return words.length > 0 && words.every((word) => own.has(word));
}

/** `more`: the provider has more that were not read. The same person may have come twice. */
export function foundOf(people: readonly Person[], more = false): PersonFound {
  const all = [...new Map(people.map((person) => [person.id, person])).values()];
  const [only, another] = all;
  if (only && !another && !more) return { is: 'one', ...only };
  if (!only && !more) return { is: 'none' };
  return { is: 'several', people: all.slice(0, MOST_SHOWN), more: more || all.length > MOST_SHOWN };
}

/** The provider's clock may be behind ours; nobody makes the very same task twice within this time on purpose. */
export const SKEW_MS = 60_000;

/** Whatever an editor made of one of them. */
export function saysTheSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((note) => plainText(note).replace(/\s+/g, ' ').trim());
  return a === b;
}
