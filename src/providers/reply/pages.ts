/** The whole list of one rep's open tasks, although Reply counts its pages by how many tasks come before (reply.md 3). */
import { ProviderError, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { Asker } from './client.ts';
import { idOf, integer, ListedTask, Page } from './wire.ts';

/** The most that Reply gives at once. */
const TOP = 1_000;
/**
 * Without an end, tasks that start more than a year from now are left out: one that a rep has moved far ahead would seem
 * gone. Both generations of the docs have it, for startAt, and set it no limit.
 */
const TO = '2100-01-01T00:00:00Z';
/** Nobody has this many: only pages that do not end get this far. */
const MAX_PAGES = 40;
const MAX_ELEMENTS = 10_000;
/** The most readings of a list that changes meanwhile. */
const READINGS = 3;

/** The part of a page that is about one task: pages may be large, and are not kept. */
export interface Element {
  /** undefined: not even that could be read. */
  id: string | undefined;
  task: ListedTask | undefined;
}

/**
 * Elements as they came, some perhaps twice. When a task is closed between two pages, those after it move up, and one of
 * them slips through between the pages. So each page begins with the element that the page before it ended with; when it
 * does not, the list has moved and is read again. One that keeps moving is shown as all that was seen of it: a task that
 * was closed meanwhile is found out by a click, one that is missing by nobody.
 */
export async function readOpenElements(asker: Asker, externalId: string): Promise<Element[]> {
  const page = async (skip: number) => {
    const { items, hasMore } = await readPage(asker, externalId, skip);
    return { items: items.map((item) => ({ id: idOf(item), task: ListedTask.safeParse(item).data })), hasMore };
  };
  const seen = new Map<string, Element>();
  for (let reading = 1; ; reading += 1) {
    const { elements, hasMoved } = await readPages(page, reading === READINGS);
    if (!hasMoved) return elements;
    for (const element of elements) if (element.id !== undefined) seen.set(element.id, element);
    if (reading === READINGS) return [...seen.values(), ...elements.filter(({ id }) => id === undefined)];
  }
}

interface ReadPage {
  items: Element[];
  hasMore: boolean;
}

interface Elements {
  elements: Element[];
  hasMoved: boolean;
}

async function readPages(page: (skip: number) => Promise<ReadPage>, toTheEnd: boolean): Promise<Elements> {
  const elements: Element[] = [];
  const ids = new Set<string>();
  let hasMoved = false;
  let skip = 0;
  for (let pages = 0; pages < MAX_PAGES && elements.length <= MAX_ELEMENTS; pages += 1) {
    const { items, hasMore } = await page(skip);
    const overlap = Math.min(elements.length, 1);
    if (overlap > 0 && items[0]?.id !== elements.at(-1)?.id) hasMoved = true;
    // Of one whose id cannot be read, nobody can tell that it came before.
    const isNews = items.slice(overlap).some(({ id }) => id === undefined || !ids.has(id));
    for (const { id } of items) if (id !== undefined) ids.add(id);
    elements.push(...items.slice(hasMoved ? 0 : overlap));
    if (!hasMore || (hasMoved && !toTheEnd)) return { elements, hasMoved };
    if (!isNews) throw unreadable('a page that leads no further');
    skip += items.length - 1;
  }
  throw unreadable('the pages do not end');
}

async function readPage({ call, dialect }: Asker, externalId: string, skip: number): Promise<Page> {
  return dialect.enums.ask((pick) =>
    call({
      method: 'POST',
      path: `/tasks/filter?top=${TOP}&skip=${skip}`,
      template: '/tasks/filter',
      body: { status: pick() === 'integers' ? 0 : 'new', assignedUserId: integer(externalId), to: TO },
      schema: Page,
      kindOf: listKind,
    }),
  );
}

/** The list is there whether it is empty or not: without it the task API is not enabled (contracts, conflict 3). */
function listKind(status: number): ProviderErrorKind | undefined {
  return status === 404 || status === 501 ? 'not_enabled' : undefined;
}

function unreadable(reason: string): ProviderError {
  const operation = 'POST /v3/tasks/filter';
  return new ProviderError({ provider: 'reply', kind: 'unreadable', operation, cause: new Error(reason) });
}
