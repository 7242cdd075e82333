/** What the buttons and the window of roll-ups carry. */
import { Count, Id } from './ids.ts';

export function encodeRollupPage(id: string, page: number): string {
  return `${id}.${page}`;
}

export function decodeRollupPage(value: unknown): { id: string; page: number } | undefined {
  const [id, page, ...others] = typeof value === 'string' ? value.split('.') : [];
  const [known, number] = [Id.safeParse(id), Count.safeParse(page)];
  return known.success && number.success && others.length === 0 ? { id: known.data, page: number.data } : undefined;
}

/** A button's value, or the window's note. `new`: none yet. */
export function decodeRollup(value: unknown): string | 'new' | undefined {
  return value === 'new' ? value : Id.safeParse(value).data;
}

/** `S012AB3CD`, or as Slack writes a mention of the group: `<!subteam^S012AB3CD|@sales>`. `unread`: what is neither. */
export function readGroups(text: string): { groups: string[] } | { unread: string } {
  const entries = text.split(/[\s,;]+/).filter(Boolean);
  const groups = entries.map((entry) => /^(?:<!subteam\^)?(S[A-Z0-9]{2,20})(?:\|[^>]*)?>?$/.exec(entry)?.[1] ?? entry);
  const unread = groups.find((group) => !/^S[A-Z0-9]{2,20}$/.test(group));
  return unread === undefined ? { groups: [...new Set(groups)] } : { unread };
}
