/** Weekly roll-ups: `/tasks rollup`, the button in `/tasks team`, and the window in which an admin sets one up. */
import type { App, BlockAction } from '@slack/bolt';
import { refusedModal } from '../../../blocks/edit-modals.ts';
import { context, section } from '../../../blocks/elements.ts';
import { INVALID, noGroup } from '../../../blocks/form-errors.ts';
import { ACTION, BLOCK, VIEW } from '../../../blocks/ids.ts';
import { rollupPage } from '../../../blocks/rollup.ts';
import { decodeRollup, decodeRollupPage, readGroups } from '../../../blocks/rollup-ids.ts';
import { ROLLUP_TITLE, rollupModal } from '../../../blocks/rollup-modal.ts';
import { ownText, ROLLUP, rollupList, savedText, whyNot } from '../../../blocks/rollup-words.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { People } from '../../core/people/people.ts';
import type { RollupSaved, RollupSetting, Rollups } from '../../core/people/rollups.ts';
import { Click, type Inputs, Submission } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';
import { onPress, type Replies, respondOf } from './replies.ts';

interface RollupParts {
  rollups: Rollups;
  people: Pick<People, 'readerOf'>;
  replies: Replies;
  wake(): void;
}

type Answering = Pick<RollupParts, 'rollups' | 'people'>;

/** To an admin all that there are; to anyone else those that they are in. */
export async function sayRollups(
  { rollups, people }: Answering,
  by: RepKey,
  respond: Respond,
  { page = 0, replace = false } = {},
): Promise<void> {
  const [all, reader] = await Promise.all([rollups.list(by), people.readerOf(by)]);
  if (all) {
    const list = rollupList(all, page, reader);
    return void (await respond({ response_type: 'ephemeral', replace_original: replace, ...list }));
  }
  const lines = (await rollups.own(by)).map((own) => ownText(own, reader));
  const text = lines.length > 0 ? lines.join('\n\n') : ROLLUP.none;
  const more = lines.length - MOST_OWN;
  const blocks = [
    ...lines.slice(0, MOST_OWN).map((line) => section(line)),
    ...(more > 0 ? [context(`… and ${more} more, with the same line about you; an admin sees which.`)] : []),
  ];
  await respond({ response_type: 'ephemeral', replace_original: replace, text, ...(lines.length > 0 && { blocks }) });
}

/** As many as fit into a message. */
const MOST_OWN = 12;

export function registerRollups(app: App, parts: RollupParts): void {
  const { rollups, people, replies } = parts;
  const on = (action: string, work: Parameters<typeof onPress>[3]) => onPress(app, replies, action, work);
  on(ACTION.rollups, (by, _value, respond) => sayRollups(parts, by, respond));
  for (const action of [ACTION.rollupsPrevious, ACTION.rollupsNext]) {
    on(action, (by, value, respond) => sayRollups(parts, by, respond, { page: pageOf(value), replace: true }));
  }
  for (const action of [ACTION.rollupShow, ACTION.rollupPrevious, ACTION.rollupNext]) {
    on(action, async (by, value, respond) => {
      const { id, page } = decodeRollupPage(value) ?? { id: '', page: 0 };
      const report = (await rollups.report(by, id)) ?? 'not_admin';
      const shown =
        typeof report === 'string'
          ? { text: SAID[report] }
          : rollupPage(report, page, { ...(await people.readerOf(by)), zone: report.rollup.zone });
      await respond({ response_type: 'ephemeral', replace_original: true, ...shown });
    });
  }
  on(ACTION.rollupStop, async (by, value, respond) => {
    const isStopped = await rollups.stop(by, decodeRollup(value) ?? '');
    const text = isStopped === undefined ? ROLLUP.notAdmin : isStopped ? ROLLUP.stopped : ROLLUP.gone;
    await respond({ response_type: 'ephemeral', replace_original: true, text });
  });
  registerWindow(app, parts);
}

const SAID = { gone: ROLLUP.gone, not_admin: ROLLUP.notAdmin } as const;

function pageOf(value: string): number {
  return /^\d{1,4}$/.test(value) ? Number(value) : 0;
}

function registerWindow(app: App, parts: RollupParts): void {
  const { rollups, replies } = parts;
  app.action<BlockAction>(ACTION.rollupEdit, async (args) => {
    const click = Click.parse(args.body);
    await args.ack();
    const { clicker, value } = click;
    const respond = respondOf(args);
    await replies.orApologise(clicker, respond, async () => {
      const id = decodeRollup(value) ?? 'new';
      // The list tells whether they are an admin, too.
      const found = id === 'new' ? await rollups.list(clicker) : await rollups.find(clicker, id);
      if (found === undefined) return replies.tell(clicker, respond, ROLLUP.notAdmin);
      if (found === 'gone') return replies.tell(clicker, respond, ROLLUP.gone);
      await replies.openModal(args, click, 'to' in found ? rollupModal(id, found) : rollupModal('new'));
    });
  });

  app.view(VIEW.rollup, async ({ ack, body }) => {
    const { submitter: by, viewId, metadata, inputs } = Submission.parse(body);
    const id = decodeRollup(metadata);
    const read = readSetting(inputs);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    if (id === undefined) return ack({ response_action: 'update', view: refusedModal(ROLLUP_TITLE, ROLLUP.gone) });
    // Slack is asked several things, and waits three seconds.
    await ack({ response_action: 'update', view: refusedModal(ROLLUP_TITLE, ROLLUP.checking) });
    await replies.orApologise(by, undefined, () => saveAndSay(parts, by, { id, viewId }, read));
  });
}

async function saveAndSay(
  { rollups, people, replies, wake }: RollupParts,
  by: RepKey,
  { id, viewId }: { id: string; viewId: string },
  setting: RollupSetting,
): Promise<void> {
  const saved = await rollups.save(by, setting, id === 'new' ? undefined : id);
  if (saved?.is === 'saved') wake();
  const problem = problemOf(saved);
  const said =
    saved?.is === 'saved' ? savedText(saved.rollup, await people.readerOf(by)) : (problem ?? ROLLUP.notAdmin);
  // What was filled in is not lost.
  const view = problem === undefined ? refusedModal(ROLLUP_TITLE, said) : rollupModal(id, setting, problem);
  if (!(await replies.updateModal(viewId, view))) await replies.tell(by, undefined, said);
}

/** What can be mended in the window. */
function problemOf(saved: RollupSaved | undefined): string | undefined {
  switch (saved?.is) {
    case 'refused':
      return whyNot(saved.code);
    case 'outside':
      return ROLLUP.outside;
    case 'gone':
      return ROLLUP.gone;
    default:
      return undefined;
  }
}

function readSetting(inputs: Inputs): RollupSetting | { errors: Record<string, string> } {
  const userIds = [...new Set(inputs[BLOCK.rollupPeople]?.selected_users ?? [])].filter((id) => PERSON.test(id));
  const typed = readGroups(inputs[BLOCK.rollupGroups]?.value ?? '');
  const groups = 'groups' in typed ? typed.groups : [];
  const readers = [inputs[BLOCK.rollupChannel]?.selected_conversation, inputs[BLOCK.rollupPerson]?.selected_user];
  const [to, ...others] = readers.filter((reader) => reader !== undefined && reader !== null);
  const day = Number(inputs[BLOCK.rollupDay]?.selected_option?.value);
  const time = inputs[BLOCK.rollupTime]?.selected_time ?? '';
  const errors = {
    ...('unread' in typed && { [BLOCK.rollupGroups]: noGroup(typed.unread) }),
    ...('groups' in typed && userIds.length + groups.length === 0 && { [BLOCK.rollupPeople]: INVALID.people }),
    ...((!to || !READER.test(to) || others.length > 0) && { [BLOCK.rollupChannel]: INVALID.reader }),
    ...(![1, 2, 3, 4, 5, 6, 7].includes(day) && { [BLOCK.rollupDay]: INVALID.choice }),
    ...(!/^([01]\d|2[0-3]):[0-5]\d$/.test(time) && { [BLOCK.rollupTime]: INVALID.time }),
  };
  if (!to || Object.keys(errors).length > 0) return { errors };
  return { about: { userIds, groups }, to, day, time };
}

const PERSON = /^[UW][A-Z0-9]{1,20}$/;
const READER = /^[UWCG][A-Z0-9]{1,20}$/;
