/** `GET /metrics` for Prometheus. The only file that knows prom-client; it is loaded only where metrics are on. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ProviderId } from './core/model/keys.ts';
import type { Meter } from './core/ports/meter.ts';
import type { Backlog } from './core/ports/queue.ts';
import type { Clock } from './core/ports/runtime.ts';

/** What is asked when the metrics are read, and not before. */
export interface Readings {
  clock: Clock;
  backlog(): Promise<Backlog[]>;
  lateDigests(): Promise<number>;
  /** Of each provider: its circuit is open. */
  circuits(): ReadonlyMap<ProviderId, boolean>;
  /** Calls that are left of the day, of each provider that counts them. */
  budgets(): ReadonlyMap<ProviderId, number>;
  isSocketUp(): boolean;
  isTokenAccepted(): boolean;
  /** The database with its write-ahead log. */
  databaseBytes(): number | Promise<number>;
}

export interface Metrics {
  meter: Meter;
  /** Before the first reading. */
  observe(readings: Readings): void;
  read(): Promise<{ type: string; text: string }>;
}

const FAST = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
const SLOW = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const MORNING = [5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400];

export function createMetrics(): Metrics {
  const register = new Registry();
  return {
    meter: createMeter(register),
    observe(readings) {
      createGauges(register, readings);
    },
    read: async () => ({ type: register.contentType, text: await register.metrics() }),
  };
}

function createMeter(register: Registry): Meter {
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name, help, labelNames, registers: [register] });
  const histogram = <Label extends string>(name: string, help: string, buckets: number[], labelNames: Label[] = []) =>
    new Histogram({ name, help, buckets, labelNames, registers: [register] });

  const acks = histogram('docket_ack_seconds', 'From what Slack sent to its acknowledgement', FAST, ['kind']);
  const unacked = counter('docket_not_acknowledged_total', 'What Slack sent and nothing acknowledged', ['kind']);
  const clicks = counter('docket_clicks_total', 'Settled actions', ['verb', 'tool', 'result']);
  const shown = histogram('docket_outcome_shown_seconds', 'From a click, or its undo window, to its outcome', SLOW);
  const calls = counter('docket_tool_calls_total', 'Calls of tools by HTTP status', ['tool', 'status']);
  const callTimes = histogram('docket_tool_call_seconds', 'From sending to the last byte', SLOW, ['tool']);
  const due = counter('docket_digests_due_total', 'Digests that became due');
  const sent = counter('docket_digests_sent_total', 'Digests that were posted');
  const skipped = counter('docket_digests_skipped_total', 'Digests that were left out', ['why']);
  const delays = histogram('docket_digest_delay_seconds', 'From when a digest was due to its post', MORNING);
  const slackRates = counter('docket_slack_rate_limited_total', 'Calls that Slack refused with 429');
  return {
    acked: (kind, ms) => acks.observe({ kind }, ms / 1_000),
    notAcknowledged: (kind) => unacked.inc({ kind }),
    clickSettled: ({ verb, provider, result }) => clicks.inc({ verb, tool: provider, result }),
    outcomeShown: (ms) => shown.observe(ms / 1_000),
    toolCalled({ provider, status, ms }) {
      calls.inc({ tool: provider, status: statusLabel(status) });
      callTimes.observe({ tool: provider }, ms / 1_000);
    },
    digestDue: () => due.inc(),
    digestSent(lateMs) {
      sent.inc();
      delays.observe(lateMs / 1_000);
    },
    digestSkipped: (why) => skipped.inc({ why }),
    slackRefusedRate: () => slackRates.inc(),
  };
}

const STATUSES: readonly (number | 'none')[] = [
  ...[200, 201, 204, 400, 401, 402, 403, 404, 408, 409, 410, 422, 425, 429, 500, 502, 503, 504],
  'none',
];

/** The other side chooses the status, so the rare ones share a label. */
function statusLabel(status: number | 'none'): string {
  return STATUSES.includes(status) ? String(status) : `${Math.floor(Number(status) / 100)}xx`;
}

function createGauges(register: Registry, readings: Readings): void {
  const gauge = (name: string, help: string, value: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [register],
      async collect() {
        this.set(await value());
      },
    });

  gauge('docket_digests_late', 'Digests that are due and not sent after ten minutes', readings.lateDigests);
  gauge('docket_slack_socket_up', '1 if clicks can arrive', () => Number(readings.isSocketUp()));
  gauge('docket_slack_token_accepted', '1 if Slack accepts the token of every workspace', () =>
    Number(readings.isTokenAccepted()),
  );
  gauge('docket_database_bytes', 'The database with its write-ahead log', readings.databaseBytes);
  const tools = { registers: [register], labelNames: ['tool'] };
  new Gauge({
    ...tools,
    name: 'docket_tool_budget_left',
    help: "Calls that are left of the tool's day",
    collect() {
      for (const [tool, left] of readings.budgets()) this.set({ tool }, left);
    },
  });
  new Gauge({
    ...tools,
    name: 'docket_tool_circuit_open',
    help: '1 if the tool does not answer and calls are kept from it',
    collect() {
      for (const [tool, isOpen] of readings.circuits()) this.set({ tool }, Number(isOpen));
    },
  });
  createQueueGauges(register, readings);
}

/** Both from one query: they are collected at the same time. */
function createQueueGauges(register: Registry, { backlog, clock }: Readings): void {
  let reading: Promise<Backlog[]> | undefined;
  const read = () => {
    reading ??= backlog().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const gauge = (name: string, help: string, value: (of: Backlog) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['kind'],
      registers: [register],
      async collect() {
        const found = await read();
        this.reset();
        for (const each of found) this.set({ kind: each.kind }, value(each));
      },
    });
  gauge('docket_jobs', 'Jobs that are due or running', ({ jobs }) => jobs);
  gauge(
    'docket_jobs_oldest_seconds',
    'Since the oldest of them was due',
    ({ oldestAt }) => Math.max(clock() - oldestAt, 0) / 1_000,
  );
}
