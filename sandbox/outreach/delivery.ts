/**
 * Webhook deliveries (outreach.md 8): signed, 5 seconds to answer, repeated only after a network failure. Any HTTP status
 * counts as delivered, so what a receiver refuses is lost.
 */
import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Change } from './book.ts';
import { deliveryBody } from './delivery-body.ts';
import type { OutreachDelivery, OutreachWebhook } from './types.ts';

const ATTEMPTS = 4;

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
  const closing = new AbortController();
  let isLosing = false;
  let lastAt = Number.NEGATIVE_INFINITY;

  /** No two at the same moment: there is nothing else to tell two deliveries about one task apart by. */
  function moment(): number {
    lastAt = Math.max(clock(), lastAt + 1);
    return lastAt;
  }

  function send(webhook: OutreachWebhook, delivery: OutreachDelivery): void {
    if (closing.signal.aborted) return;
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
      return;
    }
  }

  return {
    deliveries,
    deliver(change) {
      for (const webhook of webhooks.values()) {
        const body = deliveryBody(change, moment());
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
