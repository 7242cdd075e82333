/** Schemas of Slack's interaction payloads: only the fields that we use. */
import { z } from 'zod';

/** `whose.ts` has checked the team. */
const Who = {
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
};

/** A click on a button or select. */
export const Click = z
  .object({
    ...Who,
    trigger_id: z.string(),
    actions: z
      .array(
        z.object({
          action_id: z.string(),
          block_id: z.string().optional(),
          /** null: an empty text field. */
          value: z.string().nullish(),
          selected_option: z.object({ value: z.string() }).nullish(),
        }),
      )
      .min(1),
    /** In a window, and in Home. */
    view: z.object({ id: z.string(), type: z.string() }).nullish(),
  })
  .transform(({ team, user, trigger_id, actions, view }) => ({
    clicker: { teamId: team.id, userId: user.id },
    triggerId: trigger_id,
    /** The button's or the chosen option's value. */
    value: actions[0]?.selected_option?.value ?? actions[0]?.value ?? undefined,
    action: actions[0]?.action_id ?? '',
    block: actions[0]?.block_id,
    /** The id of the window that it is in. */
    windowId: view?.type === 'modal' ? view.id : undefined,
  }));
export type Click = z.infer<typeof Click>;

/** The value of one input element. */
const Input = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
  selected_user: z.string().nullish(),
  selected_users: z.array(z.string()).nullish(),
  selected_conversation: z.string().nullish(),
  selected_date: z.iso.date().nullish(),
  selected_time: z.string().nullish(),
  selected_date_time: z.number().nullish(),
});

/** A submitted window. `inputs`: by block id, which is the element's id too in our windows. */
export const Submission = z
  .object({
    ...Who,
    view: z.object({
      id: z.string(),
      private_metadata: z.string(),
      state: z.object({ values: z.record(z.string(), z.record(z.string(), Input)) }).optional(),
    }),
  })
  .transform(({ team, user, view }) => ({
    submitter: { teamId: team.id, userId: user.id },
    viewId: view.id,
    metadata: view.private_metadata,
    inputs: Object.fromEntries(
      Object.entries(view.state?.values ?? {}).map(([block, elements]) => [block, elements[block]]),
    ),
  }));
export type Inputs = z.infer<typeof Submission>['inputs'];

/** A window was closed that asks for this. */
export const Closing = z
  .object({
    ...Who,
    view: z.object({ id: z.string(), private_metadata: z.string(), callback_id: z.string().optional() }),
  })
  .transform(({ team, user, view }) => ({
    submitter: { teamId: team.id, userId: user.id },
    viewId: view.id,
    callback: view.callback_id,
    metadata: view.private_metadata,
  }));

/** A change of a text field in an open window. */
export const Typing = z
  .object({
    ...Who,
    actions: z.array(z.object({ value: z.string().nullish() })).min(1),
    view: z.object({
      id: z.string(),
      hash: z.string(),
      private_metadata: z.string(),
      blocks: z.array(
        z.object({
          block_id: z.string().optional(),
          elements: z.array(z.object({ text: z.string().catch('') })).catch([]),
        }),
      ),
    }),
  })
  .transform(({ team, user, actions, view }) => ({
    clicker: { teamId: team.id, userId: user.id },
    typed: actions[0]?.value ?? '',
    view: {
      id: view.id,
      hash: view.hash,
      metadata: view.private_metadata,
      /** The text under the field now. */
      preview: view.blocks.find(({ block_id }) => block_id === 'when_preview')?.elements[0]?.text,
    },
  }));

const ABSENT = z.null().optional();

/** A message that a person wrote to the app. Edits, files, thread broadcasts and bots have another shape. */
export const TypedMessage = z
  .object({
    channel: z.string(),
    channel_type: z.literal('im'),
    user: z.string(),
    text: z.string().trim().min(1),
    ts: z.string(),
    subtype: ABSENT,
    bot_id: ABSENT,
    hidden: z.literal(false).nullish(),
    /** The sender's workspace; it may be another one in a shared conversation. */
    user_team: z.string().nullish(),
    team: z.string().nullish(),
  })
  .transform(({ channel, user, text, ts, team, user_team }) => ({ channel, user, text, ts, team: user_team ?? team }));
export type TypedMessage = z.infer<typeof TypedMessage>;

/** A message shortcut. */
export const MessageAction = z
  .object({ ...Who, trigger_id: z.string(), message: z.object({ text: z.string().optional() }) })
  .transform(({ team, user, trigger_id, message }) => ({
    rep: { teamId: team.id, userId: user.id },
    triggerId: trigger_id,
    text: message.text ?? '',
  }));
