/** What Slack sends with an interaction, parsed at the edge: only the fields that we use. */
import { z } from 'zod';

/** The team is ours: `whose.ts` saw to that. */
const Who = {
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
};

/** A button or select of a message or of Home. */
export const Click = z
  .object({
    ...Who,
    trigger_id: z.string(),
    actions: z
      .array(
        z.object({
          action_id: z.string(),
          value: z.string().optional(),
          selected_option: z.object({ value: z.string() }).nullish(),
        }),
      )
      .min(1),
  })
  .transform(({ team, user, trigger_id, actions }) => ({
    clicker: { teamId: team.id, userId: user.id },
    triggerId: trigger_id,
    /** The value of the button, or of the option that was chosen. */
    value: actions[0]?.selected_option?.value ?? actions[0]?.value,
  }));
export type Click = z.infer<typeof Click>;

/** The answer of one input, whatever element asks for it. */
const Input = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
  selected_user: z.string().nullish(),
  selected_time: z.string().nullish(),
  selected_date_time: z.number().nullish(),
});

/** A submitted window. `inputs`: by block id, for a block and its element have one name in all our windows. */
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

/** A change of the typed text, while the window is open. */
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
      /** What stands under the field now. */
      preview: view.blocks.find(({ block_id }) => block_id === 'when_preview')?.elements[0]?.text,
    },
  }));

const ABSENT = z.null().optional();

/**
 * What a person wrote to the app. Whatever else happens in the conversation has a subtype (edits, deletions, files,
 * what a thread sends to the channel) or a bot.
 */
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
    /** Of whoever wrote it; someone of another workspace may share a conversation. */
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
