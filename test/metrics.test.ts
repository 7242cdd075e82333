/** Each metric is moved by what it counts, and the dashboard and the alerts know no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Meter } from '../src/core/ports/meter.ts';
import { createMetrics, type Readings } from '../src/metrics.ts';
import { ROOT } from './source-files.ts';

const NOON = Date.UTC(2026, 10, 27, 12);

function metricsAt(readings: Partial<Readings> = {}) {
  const clock = () => NOON;
  const metrics = createMetrics();
  metrics.observe({
    clock,
    backlog: async () => [],
    lateDigests: async () => 0,
    circuits: () => new Map([['gong', false]]),
    budgets: () => new Map(),
    isSocketUp: () => false,
    isTokenAccepted: () => false,
    databaseBytes: () => 0,
    ...readings,
  });
  const lines = async () => (await metrics.read()).text.split('\n').filter((line) => /^docket/.test(line));
  return { ...metrics, lines };
}

const call = (status: number | 'none') => ({ provider: 'gong', status, ms: 700 });

/** What moves each metric, and the line that is there then. */
const MOVES: readonly (readonly [name: string, move: (meter: Meter) => void, line: string])[] = [
  ['docket_ack_seconds', (meter) => meter.acked('command', 12), '_bucket{le="0.025",kind="command"} 1'],
  ['docket_not_acknowledged_total', (meter) => meter.notAcknowledged('other'), '{kind="other"} 1'],
  [
    'docket_clicks_total',
    (meter) => meter.clickSettled({ verb: 'done', provider: 'gong', result: 'stale' }),
    '{verb="done",tool="gong",result="stale"} 1',
  ],
  ['docket_outcome_shown_seconds', (meter) => meter.outcomeShown(2_000), '_sum 2'],
  ['docket_tool_calls_total', (meter) => meter.toolCalled(call('none')), '{tool="gong",status="none"} 1'],
  ['docket_tool_calls_total', (meter) => meter.toolCalled(call(429)), '{tool="gong",status="429"} 1'],
  ['docket_tool_calls_total', (meter) => meter.toolCalled(call(599)), '{tool="gong",status="5xx"} 1'],
  ['docket_tool_call_seconds', (meter) => meter.toolCalled(call(200)), '_sum{tool="gong"} 0.7'],
  ['docket_digests_due_total', (meter) => meter.digestDue(), ' 1'],
  ['docket_digests_sent_total', (meter) => meter.digestSent(0), ' 1'],
  ['docket_digest_delay_seconds', (meter) => meter.digestSent(90_000), '_sum 90'],
  ['docket_digests_skipped_total', (meter) => meter.digestSkipped('away'), '{why="away"} 1'],
  ['docket_slack_rate_limited_total', (meter) => meter.slackRefusedRate(), ' 1'],
];

test.each(MOVES)('%s moves', async (name, move, line) => {
  const { meter, lines } = metricsAt();
  expect(await lines()).not.toContain(`${name}${line}`);

  move(meter);

  expect(await lines()).toContain(`${name}${line}`);
});

/** What is asked when it is read. */
const READ: readonly (readonly [name: string, readings: Partial<Readings>, line: string])[] = [
  ['docket_digests_late', { lateDigests: async () => 3 }, ' 3'],
  ['docket_slack_socket_up', { isSocketUp: () => true }, ' 1'],
  ['docket_slack_token_accepted', { isTokenAccepted: () => true }, ' 1'],
  ['docket_database_bytes', { databaseBytes: () => 4_096 }, ' 4096'],
  ['docket_tool_budget_left', { budgets: () => new Map([['gong', 9_999]]) }, '{tool="gong"} 9999'],
  ['docket_tool_circuit_open', { circuits: () => new Map([['reply', true]]) }, '{tool="reply"} 1'],
  ['docket_jobs', { backlog: async () => [{ kind: 'digest', jobs: 7, oldestAt: NOON - 1_500 }] }, '{kind="digest"} 7'],
  [
    'docket_jobs_oldest_seconds',
    { backlog: async () => [{ kind: 'digest', jobs: 7, oldestAt: NOON - 1_500 }] },
    '{kind="digest"} 1.5',
  ],
];

test.each(READ)('%s is as it is read', async (name, readings, line) => {
  expect(await metricsAt().lines()).not.toContain(`${name}${line}`);
  expect(await metricsAt(readings).lines()).toContain(`${name}${line}`);
});

test('a kind of job that has ended is not shown any more', async () => {
  const found = [{ kind: 'digest', jobs: 1, oldestAt: NOON }];
  const { lines } = metricsAt({ backlog: async () => found.splice(0) });

  expect((await lines()).filter((line) => line.startsWith('docket_jobs'))).toHaveLength(2);
  expect((await lines()).filter((line) => line.startsWith('docket_jobs'))).toEqual([]);
});

const NAMES = [...new Set([...MOVES, ...READ].map(([name]) => name))];

test('every metric is moved by a case above', async () => {
  const { read } = metricsAt();
  const names = [...(await read()).text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);

  expect(NAMES.toSorted()).toEqual(names.toSorted());
});

const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Of an expression: the metrics, without what a histogram adds to its name. */
function namesIn(text: string): string[] {
  const named = [...text.matchAll(/\bdocket_\w+/g)].map(([name]) => name);
  return [...new Set(named.map((name) => (NAMES.includes(name) ? name : name.replace(/_(bucket|sum|count)$/, ''))))];
}

test('the dashboard shows every metric and no other', () => {
  const { panels } = JSON.parse(textOf('docs/metrics/grafana.json'));
  const expressions = panels.flatMap(({ targets = [] }: { targets?: { expr: string }[] }) =>
    targets.map(({ expr }) => expr),
  );

  expect(namesIn(expressions.join('\n')).sort()).toEqual(NAMES.toSorted());
});

test('the alerts know no other metric, and each says what to do', () => {
  const { groups } = parse(textOf('docs/metrics/alerts.yaml'));
  const rules = groups.flatMap(({ rules: own }: { rules: { expr: string; annotations: object }[] }) => own);

  expect(rules.length).toBeGreaterThan(5);
  expect(
    namesIn(rules.map(({ expr }: { expr: string }) => expr).join('\n')).filter((name) => !NAMES.includes(name)),
  ).toEqual([]);
  for (const { annotations } of rules) expect(Object.keys(annotations).sort()).toEqual(['description', 'summary']);
});

test('the page of metrics names every metric', () => {
  expect(namesIn(textOf('docs/metrics/README.md')).sort()).toEqual(NAMES.toSorted());
});
