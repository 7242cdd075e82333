/** What Slack sends with an interaction, parsed at the edge: only the fields that we use. */
import { z } from 'zod';

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
export const SettingsSubmission = z.object({
  ...Who,
  view: z.object({ state: z.object({ values: SettingsValues }) }),
});
