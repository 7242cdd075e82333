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

const WhenValues = z.object({
  when_picker: z.object({ when_picker: z.object({ selected_date_time: z.number().nullish() }) }),
  when_typed: z.object({ when_typed: z.object({ value: z.string().nullish() }) }),
});

const SettingsValues = z.object({
  settings_time: z.object({ settings_time: z.object({ selected_time: z.string().nullish() }) }),
  settings_days: z.object({
    settings_days: z.object({
      selected_options: z.array(z.object({ value: z.enum(['1', '2', '3', '4', '5', '6', '7']) })),
    }),
  }),
});

export const WhenSubmission = z.object({
  ...Who,
  view: z.object({ private_metadata: z.string(), state: z.object({ values: WhenValues }) }),
});
/** The window that asks once more has no inputs. */
export const SureSubmission = z.object({ ...Who, view: z.object({ private_metadata: z.string() }) });

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
export const SettingsSubmission = z.object({
  ...Who,
  view: z.object({ state: z.object({ values: SettingsValues }) }),
});

const Text = z.object({ value: z.string().nullish() });
const Chosen = z.object({ selected_option: z.object({ value: z.string() }).nullish() });
const Person = z.object({ selected_user: z.string().nullish() });

/** Each form has some of these inputs. */
export const EditSubmission = z.object({
  ...Who,
  view: z.object({
    private_metadata: z.string(),
    state: z.object({
      values: z.object({
        edit_note: z.object({ edit_note: Text }).optional(),
        edit_ending: z.object({ edit_ending: Chosen }).optional(),
        edit_rule: z.object({ edit_rule: Chosen }).optional(),
        edit_owner: z.object({ edit_owner: Person }).optional(),
      }),
    }),
  }),
});
export type EditSubmission = z.infer<typeof EditSubmission>;

export const SuggestSubmission = z.object({
  ...Who,
  view: z.object({
    id: z.string(),
    state: z.object({
      values: z.object({
        suggest_member: z.object({ suggest_member: Person }),
        suggest_provider: z.object({ suggest_provider: Chosen }),
        suggest_address: z.object({ suggest_address: Text }),
      }),
    }),
  }),
});

export const FollowUpSubmission = z.object({
  ...Who,
  view: z.object({
    id: z.string(),
    private_metadata: z.string(),
    state: z.object({
      values: z.object({
        draft_email: z.object({ draft_email: Text }),
        draft_kind: z.object({ draft_kind: Chosen }),
        draft_due: z.object({ draft_due: z.object({ selected_date_time: z.number().nullish() }) }),
        draft_note: z.object({ draft_note: Text }),
      }),
    }),
  }),
});

export type FollowUpSubmission = z.infer<typeof FollowUpSubmission>;

const ABSENT = z.null().optional();

/**
 * What a person wrote to the app. Whatever else happens in the conversation has a subtype (edits, deletions, files, what a
 * thread sends to the channel) or a bot.
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
