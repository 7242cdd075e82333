/** A tool whose answers are large, odd or without end costs its own rows, and nobody else's click (invariant 12). */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { ALWAYS, gongTask, MAYA, MAYA_OUTREACH, TASK_A, THEO, THEO_GONG } from './cast.ts';
import { digestOf, pressOnly, show } from './press.ts';
import { type DocketProcess, eventually, START_WITHIN, startReady } from './process.ts';
import { lastMessage, wordsOf } from './read.ts';
import { createThree } from './start.ts';
import type { World } from './world.ts';

/** As long as a note of Outreach's may be. */
const LONGEST = 65_535;
const PIECES = ['<!--', '<', '<a <a <a', '&', '<div>', '<style>', ' ', '</x>', '&#1', '<![CDATA[', '<title>', '\n'];
const HOSTILE = PIECES.map((piece) => piece.repeat(Math.ceil(LONGEST / piece.length)).slice(0, LONGEST));

function pageOfNotes(): string {
  const data = Array.from({ length: 96 }, (_, index) => ({
    type: 'task',
    id: index + 1,
    attributes: { state: 'incomplete', taskType: 'manual', dueAt: null, note: HOSTILE[index % HOSTILE.length] },
    relationships: { owner: { data: { type: 'user', id: Number(MAYA_OUTREACH) } } },
  }));
  return JSON.stringify({ data, links: {} });
}

async function serve(answer: (response: ServerResponse, url: URL) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response, new URL(request.url ?? '', 'http://provider.invalid')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Types `/tasks`, and waits for the list. */
async function askForList(world: World): Promise<string> {
  const before = world.slack.messages(MAYA.id).length;
  await world.slack.command(MAYA.id, '/tasks', '');
  await eventually(() => expect(world.slack.messages(MAYA.id).length).toBeGreaterThan(before), START_WITHIN);
  return wordsOf(lastMessage(world));
}

test('while lists full of notes made to be slow are read, the click of another rep is acknowledged as ever', {
  timeout: 120_000,
}, async () => {
  const ofTheo = [3, 4, 5, 6, 7, 8, 9].map((last) =>
    gongTask({ id: `${TASK_A.slice(0, -1)}${last}`, userId: THEO_GONG.id }),
  );
  const tasks = [gongTask({ id: TASK_A }), ...ofTheo];
  const world = await createThree({ tasks, users: [MAYA, { ...THEO, tz: MAYA.tz }] });
  await digestOf(world);
  const digest = show(world, lastMessage(world, THEO) ?? expect.fail());
  await world.app.stop();
  await startReady(world, world.now());
  const how = { kind: 'answer', status: 200, body: pageOfNotes() } as const;
  world.outreach.fail({ on: 'GET /api/v2/tasks', times: ALWAYS, how });
  let isListed = false;
  const list = askForList(world).finally(() => {
    isListed = true;
  });

  const waits: number[] = [];
  while (!isListed) {
    // Done and Undo in turn, on whichever row offers one.
    const row = digest.rows().find(({ controls }) => 'Done' in controls || 'Undo' in controls);
    const control = row && ('Done' in row.controls ? 'Done' : 'Undo');
    if (row && control) {
      const { acked, ackMs } = await pressOnly(world, digest.now(), row.text, control, undefined, THEO);
      expect(acked).toBe(true);
      waits.push(ackMs);
    }
    await sleep(20);
  }
  expect(waits.length).toBeGreaterThan(0);
  // Some tens of milliseconds; with a parser that is slow on such notes, as many seconds.
  expect(Math.max(...waits)).toBeLessThan(2_500);
  expect(await list).toContain('Outreach');
});

test('answers without end, packed ones and pages without end cost their own rows, and no memory to speak of', {
  timeout: 120_000,
}, async () => {
  const world = await createThree();
  await digestOf(world);
  await world.app.stop();

  const endless = (response: ServerResponse) => {
    const more = () => {
      while (!response.destroyed && response.write(SPACES));
      if (!response.destroyed) response.once('drain', more);
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    more();
  };
  let packs = false;
  const gong = await serve((response) => {
    if (!packs) return endless(response);
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(BOMB);
  });
  let pages = 0;
  const outreach = await serve((response, { searchParams, pathname }) => {
    pages += 1;
    const next = Number(searchParams.get('page[after]') ?? 0) + 1;
    const data = Array.from({ length: 5 }, (_, index) => ({
      type: 'task',
      id: next * 100 + index,
      attributes: { state: 'incomplete', note: 'x'.repeat(20_000) },
    }));
    const links = { next: `${outreach}${pathname}?page%5Bafter%5D=${next}` };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data, links }));
  });
  const docket = await startReady(world, world.now(), { GONG_API_URL: gong, OUTREACH_API_URL: outreach });

  for (packs of [false, true]) {
    const words = await askForList(world);
    expect(words).toContain('Gong could not be reached');
    expect(words).toContain('It sent an answer that we could not read.');
    expect(words).toContain('Priya Raman');
    expect(words).toContain('Odd Lund');
  }
  expect(pages).toBeGreaterThan(0);
  expect(pages).toBeLessThanOrEqual(2 * 400);
  expect(await docket.status('/healthz')).toBe(200);
  const peak = peakMegabytes(docket);
  if (peak !== undefined) expect(peak).toBeLessThan(400);
});

const SPACES = Buffer.alloc(1_000_000, ' ');
const BOMB = gzipSync(Buffer.alloc(300_000_000, ' '));

/** The most that the process ever held, where the system tells. */
function peakMegabytes({ pid }: DocketProcess): number | undefined {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
