/** Messages that Docket writes without being asked. */
import type { ProviderId } from '../src/core/model/keys.ts';
import type { LinkEnd } from '../src/core/model/people.ts';
import type { Notice } from '../src/core/ports/screen.ts';
import { encodeSignIn } from './account-ids.ts';
import { suggestionBlocks, suggestionText } from './accounts.ts';
import { actions, type Button, button, type Rendered, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { LIMITS } from './limits.ts';
import { explainAgain } from './reasons.ts';
import { notSentText, putOnText } from './rollup-words.ts';
import { exactTime, mention, mrkdwn, type Reader } from './text.ts';
import { welcomeMessage } from './welcome.ts';

export function noticeMessage(notice: Notice, provider: string, reader: Reader): Rendered {
  switch (notice.about) {
    case 'disconnected':
      return said(
        `*Your ${provider} connection has ended*, so your ${provider} tasks are missing from Docket until you sign in again. Nothing was lost in ${provider}.`,
        [connectButton(notice.provider, `Sign in to ${provider}`)],
      );
    case 'welcome':
      return welcomeMessage(
        notice,
        notice.tools.map(({ provider: id, name }) => connectButton(id, `Connect ${name}`)),
        reader,
      );
    case 'remind':
      return said(
        remind(
          notice.by,
          notice.tools.map(({ name }) => name),
        ),
        notice.tools.map(({ provider: id, name }) => connectButton(id, `Connect ${name}`)),
      );
    case 'installed':
      return said(INSTALLED);
    case 'on_rollup':
      return said(putOnText(notice.rollup, notice.others, reader));
    case 'rollup_failed':
      return said(notSentText(notice.rollup, notice.code, reader));
    case 'link_ended': {
      const label = `Look for your ${provider} account`;
      return said(linkEnded(notice, provider), [button(ACTION.connect, 'Look again', notice.provider, { label })]);
    }
    case 'wrong_person':
      return said(wrongPerson(notice, provider), [connectButton(notice.provider, `Connect ${provider}`)]);
    case 'confirm_sign_in':
      return confirmSignIn(notice, provider);
    case 'suggestion':
      return {
        text: suggestionText(notice.suggestion, provider),
        blocks: suggestionBlocks(notice.suggestion, provider),
      };
    case 'created':
      return said(
        `Follow-up with *${mrkdwn(notice.person, 80)}* created in ${provider}, due ${exactTime(notice.dueAt, reader)}.`,
      );
    case 'not_created':
      return withNote(said(`${whyNot(notice, provider)} (Reference: ${notice.reference})`), notice.note);
  }
}

const INSTALLED =
  '*Thank you for adding Docket.* It brings sales reps their open tasks in Slack every working morning, with the buttons to settle them. The next step is for an admin: `/tasks tools` connects the sales tools. After that each rep is found by their address and gets a first message; nobody else gets one. `/tasks help` says what one can type.';

function said(text: string, buttons: Button[] = []): Rendered {
  const isOneAction = new Set(buttons.map(({ action_id }) => action_id)).size < buttons.length;
  // Slack takes no two buttons of one action in a block.
  const rows = isOneAction ? buttons.map((each) => actions([each])) : buttons.length > 0 ? [actions(buttons)] : [];
  return { text, blocks: [section(text), ...rows] };
}

/** A message outlives every sign-in URL, so the button asks for a fresh one. */
function connectButton(provider: ProviderId, text: string): Button {
  return button(ACTION.consent, text, provider, { style: 'primary' });
}

function remind(by: string, names: readonly string[]): string {
  const tools = names.join(' and ');
  return `${mention(by)} asks you to connect ${tools}: without it your ${tools} tasks are missing from Docket. Press *Connect* and sign in once; \`/tasks connect\` does the same later.`;
}

function wrongPerson({ signedIn, email }: Extract<Notice, { about: 'wrong_person' }>, provider: string): string {
  const who = mrkdwn(signedIn, 120);
  const you = mrkdwn(email, 120);
  return `*Somebody else signed in to ${provider} with your link, so nothing was connected.* ${provider} says that it was ${who}; your address is ${you}. Docket keeps nothing of theirs, and nothing of yours has changed. Do not forward the link: press Connect, and sign in as yourself. If ${who} is you, ask an admin to suggest that address with \`/tasks team\`.`;
}

function confirmSignIn(notice: Extract<Notice, { about: 'confirm_sign_in' }>, provider: string): Rendered {
  const who = mrkdwn(notice.email, 120);
  const value = encodeSignIn(notice);
  return said(
    `*Did you just sign in to ${provider}, as ${who}?* ${provider} does not say who it was, so nothing is connected before you answer. Without an answer within an hour, Docket forgets the sign-in.`,
    [
      button(ACTION.confirmSignIn, 'Yes, that was me', value, {
        style: 'primary',
        label: `Yes, I signed in to ${provider}`,
      }),
      button(ACTION.rejectSignIn, 'No', value, { label: `No, I did not sign in to ${provider}` }),
    ],
  );
}

function linkEnded({ why, email }: Extract<Notice, { about: 'link_ended' }>, provider: string): string {
  const reasons: Record<LinkEnd, string> = {
    inactive: `${provider} says that your user there is not active any more.`,
    locked: `${provider} says that your user there is locked.`,
    moved: `Your user in ${provider} no longer has your address${email ? ` ${mrkdwn(email, 120)}` : ''}.`,
    renamed: `Your address in Slack is another one now, and no one active user in ${provider} has it.`,
  };
  const todo = `If that is not right, ask your ${provider} admin to correct it, then press *Look again*. \`/tasks connect\` shows all your accounts.`;
  return `*Your ${provider} account is no longer linked*, so your ${provider} tasks are missing from Docket. ${reasons[why]} Nothing was changed in ${provider}. ${todo}`;
}

/** The words of a row do not fit: there is no task yet, and no Retry that would look at the provider first. */
function whyNot({ why, unsure, email }: Notice & { about: 'not_created' }, provider: string): string {
  const not = '*Follow-up not created.*';
  // The answer to an earlier attempt may have been lost.
  if (unsure && why !== 'no_person' && why !== 'several_people' && why !== 'undone')
    return mayHaveBeen(email, provider);
  switch (why) {
    case 'no_person':
      return `${not} Nobody in ${provider} has the ${called(email)}, so there is nobody to attach it to. Use the shortcut *Create a follow-up* on a message, with another address, or create it in ${provider}.`;
    case 'several_people':
      return `${not} More than one person in ${provider} has the ${called(email)}, so Docket cannot tell who is meant. Use the shortcut *Create a follow-up* on a message, where you can choose, or create it in ${provider}.`;
    case 'undone':
      return `${not} You undid Done before it was sent. Create it in ${provider} if you want it all the same.`;
    case 'rate_limited':
    case 'unavailable':
    case 'unreadable':
    case 'unexpected':
      return mayHaveBeen(email, provider);
    case 'forbidden':
      return `${not} ${provider} does not let you create tasks through Docket. Ask your ${provider} admin, or create it in ${provider}.`;
    case 'not_found':
    case 'invalid':
    case 'immovable':
    case 'conflict':
    case 'expired':
      return `${not} ${provider} refused this change. Use the shortcut again with other values, or create it in ${provider}.`;
    default:
      return `${not} ${explainAgain(why, provider)}`;
  }
}

function called(who: string): string {
  return `${who.includes('@') ? 'address' : 'name'} ${mrkdwn(who, 120)}`;
}

function mayHaveBeen(email: string, provider: string): string {
  return `*Your follow-up may not have been created.* Docket asked ${provider} for one about ${mrkdwn(email, 120)}, and could not find out what became of it. Look there before you use the shortcut again.`;
}

/** Slack counts `&`, `<` and `>` escaped, so a note of nothing else would be too long for a message. */
const MOST_ESCAPED = 9_000;

/** The rep gets the note back word for word, because the form that held it is closed. */
function withNote({ text, blocks }: Rendered, note = ''): Rendered {
  if (note.trim() === '') return { text, blocks };
  let room = MOST_ESCAPED;
  const kept = [...note].filter((character) => {
    room -= ESCAPED[character] ?? character.length;
    return room >= 0;
  });
  const said = kept.length === [...note].length ? 'Your note was:' : 'Your note was too long for a message. It began:';
  const words = { type: 'plain_text', text: kept.join('').slice(0, LIMITS.sectionText), emoji: false } as const;
  return { text, blocks: [...blocks, section(said), { type: 'section', text: words }] };
}

const ESCAPED: Record<string, number> = { '&': 5, '<': 4, '>': 4 };
