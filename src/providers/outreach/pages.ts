/** Collections, page by page (outreach.md 2). */
import { ProviderError } from '../../core/model/errors.ts';
import type { AsRep, Query } from './client.ts';
import { Page } from './wire.ts';

/** contracts, unknown O4: the greatest that is known to be taken is not known. */
const PAGE_SIZE = 100;
/** Only links that lead nowhere get this far. */
const MAX_PAGES = 400;
const MAX_ELEMENTS = 10_000;

interface Document {
  data: readonly unknown[];
  included: readonly unknown[];
}

/**
 * Every page of a collection. The rep's token follows a link only within the collection itself (contracts, rule 8). Whoever
 * reads takes what they need of each page: pages may be large, and are not kept here.
 */
export async function* pagesOf(
  asRep: AsRep,
  path: string,
  query: Query,
  pageSize = PAGE_SIZE,
): AsyncGenerator<Document> {
  const seen = new Set<string>();
  let elements = 0;
  let at: { path: string; query?: Query } = {
    path,
    query: { ...query, 'page[size]': String(pageSize), count: 'false' },
  };
  while (seen.size < MAX_PAGES && elements <= MAX_ELEMENTS) {
    const { data, included, links } = await asRep.call({ method: 'GET', ...at, template: path, schema: Page });
    yield { data, included: included ?? [] };
    if (!links?.next) return;
    const next = asRep.ownPath(links.next);
    if (!next?.startsWith(`${path}?`)) throw unreadable(path, 'the next page is somewhere else');
    if (seen.has(next)) break;
    seen.add(next);
    elements += data.length;
    at = { path: next };
  }
  throw unreadable(path, 'the pages do not end');
}

/** Users and prospects of one address, webhooks, the open tasks of one prospect: never more. */
const FEW_PAGES = 10;

/** All of a collection that is known to be small. */
export async function readAll(asRep: AsRep, path: string, query: Query): Promise<unknown[]> {
  const data: unknown[] = [];
  let pages = 0;
  for await (const page of pagesOf(asRep, path, query)) {
    if (pages === FEW_PAGES) throw unreadable(path, 'more than there can be');
    pages += 1;
    data.push(...page.data);
  }
  return data;
}

/** As many as anybody chooses from. `hasMore`: there are others. */
const FEW = 25;

export async function readFirst(
  asRep: AsRep,
  path: string,
  query: Query,
): Promise<{ data: readonly unknown[]; hasMore: boolean }> {
  const request = { ...query, 'page[size]': String(FEW), count: 'false' };
  const { data, links } = await asRep.call({ method: 'GET', path, query: request, template: path, schema: Page });
  return { data, hasMore: Boolean(links?.next) };
}

function unreadable(path: string, reason: string): ProviderError {
  const operation = `GET /api/v2${path}`;
  return new ProviderError({ provider: 'outreach', kind: 'unreadable', operation, cause: new Error(reason) });
}

/** A comma in a filter's value means "or", and two dots a range (outreach.md 2, 7): such a value cannot be asked for. */
export function isFilterable(value: string): boolean {
  return value !== '' && !value.includes(',') && !value.includes('..');
}
