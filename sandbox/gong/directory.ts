/** GET /v2/users: pages with a cursor, and no filter by e-mail (gong.md 7). */
import { createHash } from 'node:crypto';
import { type Answer, breach } from './answer.ts';
import { ListUsers, problems } from './requests.ts';
import type { Gong } from './state.ts';
import { userOnWire } from './wire.ts';

export function listUsers({ book, pageSize, directory }: Gong, query: URLSearchParams): Answer {
  if (new Set(query.keys()).size !== query.size) return breach(400, ['request: a parameter is given twice']);
  const asked = ListUsers.safeParse(Object.fromEntries(query));
  if (!asked.success) return breach(400, problems(asked.error));

  const users = directory === 'empty' ? [] : book.users();
  const page = asked.data.cursor === undefined ? 0 : pageOf(asked.data.cursor, Math.ceil(users.length / pageSize));
  if (page === undefined) return breach(400, ['request.cursor: is not a cursor of this list']);

  const shown = users.slice(page * pageSize, (page + 1) * pageSize);
  const more = (page + 1) * pageSize < users.length && directory !== 'first page';
  return {
    status: 200,
    body: {
      records: {
        totalRecords: users.length,
        currentPageSize: shown.length,
        currentPageNumber: page,
        // Only there while more remain.
        cursor: more ? cursorTo(page + 1) : undefined,
      },
      users: shown.map((user) => userOnWire(directory === 'without active' ? { ...user, active: undefined } : user)),
    },
  };
}

/** Opaque, and with characters that break when a client puts it into the query without encoding it. */
function cursorTo(page: number): string {
  const seal = createHash('sha256').update(`page ${page}`).digest('base64').slice(0, 24);
  return `${page}+/${seal}==`;
}

function pageOf(cursor: string, pages: number): number | undefined {
  const page = Number(/^\d+/.exec(cursor)?.[0] ?? Number.NaN);
  return page > 0 && page < pages && cursor === cursorTo(page) ? page : undefined;
}
