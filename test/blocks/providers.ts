/** Providers for tests of blocks: what their tasks allow differs in everything that blocks look at. */
import type { RowProvider } from '../../blocks/providers.ts';
import type { TaskCapabilities } from '../../src/core/model/capabilities.ts';
import { EDITS, type Task, VERBS } from '../../src/core/model/task.ts';

const reversible = { reversible: true, repeatable: true };
const final = { reversible: false, repeatable: false };
const edit = { reversible: false, repeatable: true };

const GONG: TaskCapabilities = {
  verbs: { done: reversible, dismiss: reversible, snooze: reversible, reschedule: reversible },
};
const GONG_FLOW: TaskCapabilities = { ...GONG, ignored: { costs: 'dropped', afterDays: 120 } };

/** As Outreach's adapter has it: what a task allows depends on its facts. */
function outreachOf({ facts = {}, contact, kind, skipsAt }: Task): TaskCapabilities {
  const step = String(facts.kind).startsWith('sequence_step_');
  const waits = step && ({ ignored: { costs: 'waits' } } as const);
  const ignored = skipsAt === undefined ? waits : ({ ignored: { costs: 'skipped', at: skipsAt } } as const);
  if (facts.readOnly === true) return { verbs: {}, ...ignored };
  const skips = `Skips step 4; the sequence moves ${contact?.name.slice(0, 60) ?? 'the prospect'} on.`;
  return {
    verbs: {
      done: facts.kind === 'sequence_step_email' ? { ...final, consequence: 'Docket sends no e-mail.' } : final,
      ...(step && { dismiss: { ...final, consequence: skips } }),
      ...(facts.canDelete === true && { dismiss: { ...final, consequence: 'Deletes the task in Outreach.' } }),
      snooze: reversible,
      reschedule: reversible,
      note: edit,
      reassign: final,
      rule: edit,
    },
    ...(step && {
      endings: [
        { id: 'finish_no_reply', text: 'Finish sequence, no reply', outcome: 'sequence finished, no reply' },
        { id: 'finish_replied', text: 'Finish sequence, replied', outcome: 'sequence finished as replied' },
      ],
    }),
    ...ignored,
    ...(!step && kind && { followUp: kind }),
    ...((step || contact) && { completionNote: "Goes to the prospect's record in Outreach." }),
  };
}

/** As Reply.io's: calls have results, and what runs by itself says so when it is moved. */
function replyOf({ facts = {} }: Task): TaskCapabilities {
  const moved =
    facts.scheduled === true ? { ...reversible, consequence: 'Moving it moves its start too.' } : reversible;
  const verbs = { done: final, reschedule: moved, snooze: moved, dismiss: { ...final, consequence: 'Deletes it.' } };
  const waits = { ignored: { costs: 'waits' } } as const;
  const next = facts.step ? waits : { followUp: String(facts.kind) };
  if (facts.kind !== 'call') return { verbs, ...next };
  const endings = [
    { id: 'positive', text: 'Done, positive', outcome: 'result: positive' },
    { id: 'to_call', text: 'Done, to call again', outcome: 'result: to call again' },
    { id: 'negative', text: 'Done, negative', outcome: 'result: negative' },
  ];
  return { verbs, endings, ...next };
}

/** All that the port allows, at its longest: JSON writes two characters for each of these. */
const ALL_THERE_IS: TaskCapabilities = {
  verbs: Object.fromEntries([...VERBS, ...EDITS].map((verb) => [verb, { ...final, consequence: '"'.repeat(300) }])),
  endings: ['first', 'second', 'third', 'fourth'].map((id) => ({
    id,
    text: '"'.repeat(60),
    outcome: `${id} way: ${'"'.repeat(40)}`,
  })),
  completionNote: '"'.repeat(300),
  followUp: 'call',
  ignored: { costs: 'dropped', afterDays: 365 },
};

/** Three that are like those that there are, and one that has everything. */
export const PROVIDERS = new Map<string, RowProvider>([
  ['gong', { name: 'Gong', capabilities: { noun: 'call tasks', of: ({ facts }) => (facts?.flow ? GONG_FLOW : GONG) } }],
  ['outreach', { name: 'Outreach', capabilities: { noun: 'tasks', of: outreachOf } }],
  ['reply', { name: 'Reply.io', capabilities: { noun: 'tasks', of: replyOf } }],
  ['full', { name: 'Full', capabilities: { noun: 'tasks', of: () => ALL_THERE_IS } }],
]);

/** Those that a Docket would be set up with; `full` is there for its size. */
export const USUAL = ['gong', 'outreach', 'reply'] as const;

/** The facts that the capabilities above tell apart, by provider. */
export const FACTS: Record<string, readonly NonNullable<Task['facts']>[]> = {
  gong: [{}, { flow: true }],
  outreach: [
    { kind: 'sequence_step_call', step: 4 },
    { kind: 'sequence_step_email', step: 1 },
    { kind: 'manual', canDelete: true },
    { kind: 'manual' },
    { kind: 'manual', readOnly: true },
  ],
  reply: [{ kind: 'call', step: true }, { kind: 'call' }, { kind: 'toDo' }, { kind: 'sms', scheduled: true }],
  gone: [{}],
  full: [{}],
};
