/** Webhooks as resources (outreach.md 8): who made one sees and removes it. Sending is in `delivery.ts`. */
import { isLoopback } from './addresses.ts';
import { type Answer, Refusal } from './answer.ts';
import { pageOf } from './pages.ts';
import { type ListRules, listQuery } from './query.ts';
import { bodyAs, CreateWebhook } from './requests.ts';
import { webhookResource } from './resources.ts';
import { invalid, many, notFound, one, type Session, withoutBody, withoutQuery } from './session.ts';
import type { OutreachWebhook } from './types.ts';

const RULES: ListRules<OutreachWebhook> = { filters: {}, shows: [], isDecorated: false };

export function listWebhooks(session: Session): Answer {
  withoutBody(session);
  const { outreach, call, user } = session;
  const query = listQuery(call.url.searchParams, RULES);
  const own = [...outreach.webhooks.values()].filter(({ creatorId }) => creatorId === user.id);
  const { records, next } = pageOf(own, query, `webhooks of ${user.id}`, outreach.cursors);
  return many(session, { resources: records.map(webhookResource), others: [], next }, query);
}

export function readWebhook(session: Session, id: string): Answer {
  withoutBody(session);
  withoutQuery(session);
  return one(session, webhookResource(ownWebhook(session, id)));
}

export function createWebhook(session: Session): Answer {
  withoutQuery(session);
  const { resource: _, ...attributes } = bodyAs(session, CreateWebhook).data.attributes;
  const { webhooks } = session.outreach;
  const url = new URL(attributes.url);
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  if (!isAllowed) throw invalid('must be https', '/data/attributes/url');
  const webhook: OutreachWebhook = {
    ...attributes,
    id: session.outreach.newWebhookId(),
    creatorId: session.user.id,
    active: true,
  };
  webhooks.set(webhook.id, webhook);
  return { ...one(session, webhookResource(webhook)), status: 201 };
}

export function deleteWebhook(session: Session, id: string): Answer {
  withoutQuery(session);
  withoutBody(session);
  session.outreach.webhooks.delete(ownWebhook(session, id).id);
  return { status: 204 };
}

function ownWebhook({ outreach, user }: Session, id: string): OutreachWebhook {
  const webhook = outreach.webhooks.get(id);
  if (webhook?.creatorId !== user.id) throw new Refusal(notFound('webhook', id));
  return webhook;
}
