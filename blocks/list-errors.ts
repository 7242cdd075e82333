/** Tasks that are missing from a list, and why: the provider was not reached, or the rep has not signed in there. */
import { queryOf } from '../src/core/model/filter.ts';
import type { ListSummary, LoadedMessage, ProviderReport, Tool } from '../src/core/model/message.ts';
import { encodeConnect } from './account-ids.ts';
import { type Block, type Button, button, context, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { type Providers, providerOf } from './providers.ts';
import { count, distance, exactTime, mrkdwn, type Reader } from './text.ts';

type Failed = Extract<ProviderReport, { state: 'failed' }>;

export function missingTasks({ id, summary }: LoadedMessage, providers: Providers, reader: Reader): Block[] {
  const failed = summary.reports.flatMap((report) => {
    if (report.state === 'failed') return [section(unreachable(report, reader), retryButton(report, id))];
    return report.unreadable > 0 ? [context(unreadableTasks(report))] : [];
  });
  const connected = (summary.connected ?? []).map(({ name }) =>
    context(`*${name} is connected.* Its tasks come with the next list: \`/tasks\`, or the next digest.`),
  );
  const unconnected = (summary.unconnected ?? []).map((tool) => unconnectedBlock(tool, id));
  return [...failed, ...connected, ...unconnected, ...unlinkedBlocks(summary, providers)];
}

/** Tools that were asked for by name. */
function unlinkedBlocks({ filter, reports, unconnected = [] }: ListSummary, providers: Providers): Block[] {
  const tools = queryOf(filter)?.tools ?? [];
  const told = new Set([...reports, ...unconnected].map(({ provider }) => provider));
  const unlinked = tools.filter((tool) => !told.has(tool));
  return unlinked.map((provider) => {
    const name = mrkdwn(providerOf(providers, { provider }).name, 40);
    return context(`*${name} is not linked to you*, so nothing could be looked for there. See \`/tasks connect\`.`);
  });
}

function unreadableTasks({ name, unreadable }: Extract<ProviderReport, { state: 'listed' }>): string {
  return `${count(unreadable, 'more task')} in ${name} could not be read; look there.`;
}

/** Asking again helps unless the rep has to sign in first. */
function retryButton({ provider, name, reason }: Failed, id: string): Button {
  return reason === 'disconnected'
    ? connectButton({ provider, name }, id)
    : button(ACTION.refresh, 'Retry', id, { label: `Ask ${name} again` });
}

function unconnectedBlock(tool: Tool, id: string): Block {
  const { name } = tool;
  const text = `*${name} is not connected*, so your ${name} tasks are missing here. Sign in there once to bring them.`;
  return section(text, connectButton(tool, id));
}

/** The message outlives every sign-in URL, so the button asks for a fresh one. */
function connectButton({ provider, name }: Tool, id: string): Button {
  return button(ACTION.consent, 'Connect', encodeConnect(provider, id), { label: `Connect ${name}` });
}

export function unreachable(report: Failed, reader: Reader): string {
  const { name, noun, lastListedAt } = report;
  const age =
    lastListedAt === undefined
      ? ''
      : ` Last reached ${distance(lastListedAt, reader)} ago, ${exactTime(lastListedAt, reader)}.`;
  const reference = report.reference === undefined ? '' : ` (Reference: ${mrkdwn(report.reference, 60)})`;
  return `*${name} could not be reached, so your ${name} ${noun} are missing here.* ${whyMissing(report)}${age}${reference}`;
}

function whyMissing({ name, reason }: Failed): string {
  switch (reason) {
    case 'rate_limited':
      return 'It is getting too many requests from your company right now.';
    case 'away':
      return 'It is not answering just now.';
    case 'auth':
      return "It refused Docket's credentials; ask your Docket admin to renew them.";
    case 'disconnected':
      return 'Your connection has ended: press *Connect*, or type `/tasks connect`, and sign in again.';
    case 'not_enabled':
      return `The tasks API is not enabled for your ${name} account; ask your ${name} admin.`;
    case 'forbidden':
      return 'It does not let Docket see your tasks; ask your Docket admin.';
    case 'unavailable':
      return 'It did not answer.';
    case 'unexpected':
      return 'Something broke in Docket, and your admin can see what.';
    default:
      return 'It sent an answer that we could not read.';
  }
}
