/** Reps who look at a list and press Done in it, one row after another, and how long each waits to see what came of it. */
import type { JsonObject } from '../sandbox/slack/types.ts';
import { clickBody, commandBody, donesIn, rowOf, type Seen, send } from './clicks.ts';
import type { Person } from './people.ts';
import { until } from './processes.ts';
import type { SlackServer } from './slack-server.ts';
import type { ToolServer } from './tool-server.ts';
import type { Served } from './world.ts';

export interface Outcome {
  /** From the click until Slack was told. */
  shownMs: number;
  /** Of these, the time in which the tool answered what this click asked. */
  toolMs: number;
  toolCalls: number;
}

interface World {
  slack: SlackServer;
  tool: ToolServer;
  docket: Served;
  /** By Docket's clock. */
  now(): number;
}

const SHOWN_BY: ReadonlySet<string> = new Set(['response_url', 'chat.postMessage', 'chat.update']);

/** How long a rep may have to wait. */
const WITHIN_MS = 120_000;

export function createClickers({ slack, tool, docket, now }: World, reps: readonly Person[]) {
  const seen = new Map<string, Seen>();
  /** Message and position of settled rows, and when Slack was told. */
  const settled = new Map<string, number>();
  const pressed = new Set<string>();
  slack.onCall(({ method, userId, ts, blocks, at }) => {
    if (!userId || !reps.some(({ id }) => id === userId) || !SHOWN_BY.has(method)) return;
    const shown = blocks();
    // A list of days ago is edited too, once it is kept up to date no more.
    if (donesIn(shown).length > 0) seen.set(userId, { userId, ts: ts || undefined, blocks: shown });
    for (const row of undoable(shown)) if (!settled.has(row)) settled.set(row, at);
  });

  function nextDone(userId: string) {
    const list = seen.get(userId);
    const done = donesIn(list?.blocks ?? []).find((one) => !pressed.has(taskRow(rowOf(one))));
    return list && done ? { list, done } : undefined;
  }

  return {
    async open(): Promise<void> {
      for (const { id } of reps) await send(docket.port, commandBody(slack, id, ''), now());
      for (const { id } of reps) await until(() => nextDone(id));
    },
    /** The next row of this rep. */
    async click({ id, externalId }: Person): Promise<Outcome> {
      const { list, done } = await until(() => nextDone(id));
      const row = taskRow(rowOf(done));
      pressed.add(row);
      const body = clickBody(slack, list, done);
      const from = performance.now();
      await send(docket.port, body, now());
      const at = await until(() => settled.get(row), WITHIN_MS);
      const calls = tool.calls.filter((call) => call.externalId === externalId && call.at >= from && call.at <= at);
      const toolMs = calls.reduce((sum, call) => sum + call.until - call.at, 0);
      return { shownMs: at - from, toolMs, toolCalls: calls.length };
    },
  };
}

/** A row is named by message, position and how many actions it had. */
function taskRow(row: string): string {
  return row.split('.').slice(0, 2).join('.');
}

/** Rows that offer Undo, which a settled one does. */
function undoable(blocks: readonly JsonObject[]): string[] {
  const controls = blocks.flatMap(({ accessory, elements }) => [accessory, ...((elements ?? []) as JsonObject[])]);
  const undos = (controls as (JsonObject | undefined)[]).filter((control) => control?.action_id === 'undo');
  return undos.map((undo) => taskRow(String(undo?.value)));
}
