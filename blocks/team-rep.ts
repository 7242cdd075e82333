/** One rep for an admin: why they got a digest or none, and what can be done. */
import { FOREVER } from '../src/core/model/digest.ts';
import type { RepTime } from '../src/core/model/time.ts';
import type { RepReport } from '../src/core/people/team-rep.ts';
import { actions, type Block, button, confirm, context, type Rendered, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { stopped } from './off-switch.ts';
import { scheduleText } from './schedule-words.ts';
import { whyNotLinked } from './team.ts';
import { TOOL_TEXT, whySkipped } from './team-table.ts';
import { count, exactTime, mention, mrkdwn, type Reader } from './text.ts';

/** `reader`: the admin. `theirs`: the rep's own time and working days. */
export function repReport(report: RepReport, reader: Reader, theirs: RepTime): Rendered {
  const { rep } = report;
  const who = mrkdwn(rep.name, 80);
  const lines = [
    `*${who}* (${mention(rep.userId)})`,
    ...rep.tools.map(({ name, state }) => `${name}: ${state in LINKABLE ? TOOL_TEXT[state] : whyOf(state, name)}`),
    ...seenLines(report, reader),
  ];
  return {
    text: `${rep.name}: ${causeOf(report, reader)}`,
    blocks: [
      section(lines.join('\n')),
      section(`*The next digest*: ${causeOf(report, reader)}${plan(report, theirs)}`),
      ...runBlocks(report, reader),
      buttons(report),
    ],
  };
}

const LINKABLE = { linked: true, signed_out: true, declined: true, none: true };

function whyOf(state: RepReport['rep']['tools'][number]['state'], name: string): string {
  return state === 'linked' || state === 'signed_out' || state === 'declined' || state === 'none'
    ? TOOL_TEXT[state]
    : whyNotLinked(state, name);
}

function seenLines({ rep: { seen }, isOutside }: RepReport, reader: Reader): string[] {
  if (!seen) return ['Known to a tool, but not linked: nothing was ever sent.'];
  const click = seen.lastClickAt === undefined ? 'never' : exactTime(seen.lastClickAt, reader);
  const pilot = isOutside ? ['Not in the pilot (PILOT).'] : [];
  return [...pilot, `Last click: ${click}. Clicks that wait for a tool: ${seen.waiting}.`];
}

/** The first thing that keeps a digest away; the order is that in which Docket looks. */
function causeOf({ rep: { seen, tools }, accounts, off, isOutside }: RepReport, reader: Reader): string {
  if (!seen || !accounts) return 'none comes, because nothing links them to a tool.';
  if (!accounts.rep.active) return 'none comes, because their Slack account is deactivated.';
  if (isOutside) return 'none comes, because they are not in the pilot.';
  if (off) return `none comes. ${stopped(off, reader)}`;
  const { pausedUntil } = accounts.schedule;
  if (pausedUntil !== undefined && pausedUntil >= FOREVER) return 'none comes, because they paused their digests.';
  if (!tools.some(({ state }) => state === 'linked')) return 'none comes, because no tool is linked.';
  const today = accounts.todaysRun;
  if (today?.state === 'skipped') return `today’s was not sent (${whySkipped(today.why)}).`;
  return 'nothing keeps it away.';
}

function plan({ accounts }: RepReport, theirs: RepTime): string {
  return accounts ? ` ${scheduleText(accounts, theirs)} (${mrkdwn(accounts.rep.zone, 40)})` : '';
}

function runBlocks({ runs }: RepReport, reader: Reader): Block[] {
  if (runs.length === 0) return [context('No digest in the last seven days.')];
  const lines = runs.map(({ localDate, state, why, postedAt }) => {
    if (state === 'posted' && postedAt !== undefined) return `${localDate}: sent ${exactTime(postedAt, reader)}`;
    return `${localDate}: ${state === 'claimed' ? 'on its way' : `not sent, ${whySkipped(why)}`}`;
  });
  return [context(`${count(runs.length, 'digest')} in the last seven days:\n${lines.join('\n')}`)];
}

function buttons({ rep: { userId, name, tools, seen }, isOutside }: RepReport): Block {
  const signedOut = tools.filter(({ state }) => state === 'signed_out').map((tool) => tool.name);
  const isLinked = tools.some(({ state }) => state === 'linked');
  const ask = confirm('Send a test digest?', `${name} gets it now, in their messages with Docket.`, 'Send it');
  return actions([
    ...(seen && !isOutside && signedOut.length > 0
      ? [button(ACTION.teamRemind, 'Remind to connect', userId, { label: `Remind them to connect ${signedOut[0]}` })]
      : []),
    button(ACTION.suggest, 'Suggest a link…', 'open'),
    ...(isLinked && !isOutside ? [button(ACTION.teamTest, 'Send a test digest', userId, { confirm: ask })] : []),
    button(ACTION.teamFilter, 'Back to the team', 'all:0'),
  ]);
}
