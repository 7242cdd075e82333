/**
 * Webhook deliveries (outreach.md 8): signed, 5 seconds to answer, repeated only after a network failure. Any HTTP status
 * counts as delivered, so what a receiver refuses is lost.
 */
import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { isPrivate } from './addresses.ts';
import type { Change } from './book.ts';
import { deliveryBody } from './delivery-body.ts';
import type { OutreachDelivery, OutreachWebhook } from './types.ts';

const ATTEMPTS = 4;
const SUSPENSION_MS = 3_600_000;
const DEAD_MS = 7 * 86_400_000;

export interface Courier {
  readonly deliveries: OutreachDelivery[];
  deliver(change: Change): void;
  lose(lose: boolean): void;
  redeliver(index: number): void;
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface CourierRules {
  webhooks: Map<string, OutreachWebhook>;
  clock: () => number;
  timeoutMs: number;
  retryMs: number;
}

export function createCourier({ webhooks, clock, timeoutMs, retryMs }: CourierRules): Courier {
  const deliveries: OutreachDelivery[] = [];
  const underway = new Set<Promise<void>>();
  const failing = new Map<string, number>();
  const closing = new AbortController();
  let isLosing = false;
  let lastAt = Number.NEGATIVE_INFINITY;

  /** No two at the same moment: there is nothing else to tell two deliveries about one task apart by. */
  function moment(): number {
    lastAt = Math.max(clock(), lastAt + 1);
    return lastAt;
  }

  function send(webhook: OutreachWebhook, delivery: OutreachDelivery): void {
    if (closing.signal.aborted || !isAwake(webhook, clock())) return;
    const sending = attempts(webhook, delivery).finally(() => underway.delete(sending));
    underway.add(sending);
  }

  async function attempts(webhook: OutreachWebhook, delivery: OutreachDelivery): Promise<void> {
    while (delivery.attempts < ATTEMPTS && !closing.signal.aborted) {
      if (delivery.attempts > 0) await wait(retryMs, undefined, { signal: closing.signal }).catch(() => undefined);
      delivery.attempts += 1;
      const status = await post(webhook, delivery.body, timeoutMs, closing.signal);
      if (status === undefined) continue;
      delivery.status = status;
      failing.delete(webhook.id);
      return;
    }
    noteFailure(webhook);
  }

  function noteFailure(webhook: OutreachWebhook): void {
    const since = failing.get(webhook.id) ?? clock();
    failing.set(webhook.id, since);
    if (clock() - since >= DEAD_MS) disable(webhook, 'No answer for a week', clock(), null);
  }

  return {
    deliveries,
    deliver(change) {
      for (const webhook of webhooks.values()) {
        if (webhook.action !== '*' && `task.${webhook.action}` !== change.event) continue;
        const body = deliveryBody(change, webhook.payloadVersion, moment());
        const { event, task } = change;
        const delivery: OutreachDelivery = {
          event,
          taskId: task.id,
          webhookId: webhook.id,
          status: 0,
          attempts: 0,
          body,
        };
        deliveries.push(delivery);
        if (!isLosing) send(webhook, delivery);
      }
    },
    lose(lose) {
      isLosing = lose;
    },
    redeliver(index) {
      const original = deliveries[index];
      if (!original) throw new RangeError(`There is no delivery ${index}`);
      const webhook = webhooks.get(original.webhookId);
      if (!webhook) throw new RangeError('The webhook is gone');
      const delivery = { ...original, status: 0, attempts: 0 };
      deliveries.push(delivery);
      send(webhook, delivery);
    },
    async settled() {
      while (underway.size > 0) await Promise.all(underway);
    },
    async close() {
      closing.abort();
      await Promise.all(underway);
    },
  };
}

/** Suspended ones wake up when their time is over; a host with a private address is suspended again (outreach.md 8). */
function isAwake(webhook: OutreachWebhook, now: number): boolean {
  if (webhook.disabledUntil !== null && Date.parse(webhook.disabledUntil) <= now) {
    Object.assign(webhook, { active: true, disabledReason: null, disabledSince: null, disabledUntil: null });
  }
  if (webhook.active && isPrivate(new URL(webhook.url))) {
    disable(webhook, 'The host has a private address', now, now + SUSPENSION_MS);
  }
  return webhook.active;
}

function disable(webhook: OutreachWebhook, reason: string, now: number, until: number | null): void {
  webhook.active = false;
  webhook.disabledReason = reason;
  webhook.disabledSince = new Date(now).toISOString();
  webhook.disabledUntil = until === null ? null : new Date(until).toISOString();
}

/** The status, or undefined when there was none: a network failure, or no answer in time. */
async function post(
  webhook: OutreachWebhook,
  body: string,
  timeoutMs: number,
  closing: AbortSignal,
): Promise<number | undefined> {
  try {
    const response = await fetch(webhook.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Outreach-Webhook-Signature': createHmac('sha256', webhook.secret).update(body).digest('hex'),
        'outreach-webhook-cleanup-token': webhook.cleanupToken,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}
