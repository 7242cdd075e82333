/** What a person enters into a modal, and its submission. */
import { type FormEvent, useRef, useState } from 'react';
import type { JsonObject, SandboxView, ViewValues } from '../slack/types.ts';
import { send } from './api.ts';
import { allValues, type Form, missing, stillFitting } from './form.ts';
import { usePerson } from './person.ts';
import type { Outcome } from './protocol.ts';

/** What the app answered is on the screen sooner than this; else it was an answer that Slack does not take. */
const SHOWN_MS = 2_000;

export interface ModalForm {
  context: Form;
  /** A problem with the submission as a whole. */
  trouble: string | undefined;
  isSending: boolean;
  /** How often a person tried to submit. */
  tries: number;
  onSubmit(event: FormEvent): void;
}

export function useModalForm({ view, errors, hash }: SandboxView, known: ViewValues): ModalForm {
  const [lacking, setLacking] = useState<Record<string, string>>({});
  // Errors of the app that a person has answered since; a new submission brings new ones.
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set());
  const [entered, setEntered] = useEntered(view, hash, () => setLacking({}));
  const values = allValues(view.blocks, known, entered);
  const sending = useSending(hash);
  const [tries, setTries] = useState(0);
  const open = Object.entries(errors ?? {}).filter(([blockId]) => !answered.has(`${hash} ${blockId}`));

  function enter(blockId: string, actionId: string, value: JsonObject): void {
    setEntered((before) => ({ ...before, [blockId]: { ...before[blockId], [actionId]: value } }));
    setLacking(({ [blockId]: _, ...rest }) => rest);
    setAnswered((before) => new Set(before).add(`${hash} ${blockId}`));
  }

  async function submit(): Promise<void> {
    const gaps = missing(view.blocks, values);
    setLacking(gaps);
    setTries((before) => before + 1);
    if (Object.keys(gaps).length > 0) return;
    await sending.submit(values);
    setAnswered(new Set());
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    void submit();
  }

  return {
    context: { values, errors: { ...Object.fromEntries(open), ...lacking }, enter },
    trouble: sending.trouble,
    isSending: sending.isSending,
    tries,
    onSubmit,
  };
}

/** What was entered since the modal opened, as far as the view that shows now still takes it. */
function useEntered(view: JsonObject, hash: string, onOther: () => void) {
  const [entered, setEntered] = useState<ViewValues>({});
  const [shown, setShown] = useState(hash);
  if (shown !== hash) {
    setShown(hash);
    setEntered((before) => stillFitting(view.blocks, before));
    onOther();
  }
  return [entered, setEntered] as const;
}

/** One submission of a view at a time: it lasts until another view shows, so that a second Enter does not reach that one. */
function useSending(hash: string) {
  const { userId, appName } = usePerson();
  const [trouble, setTrouble] = useState<string>();
  const [sent, setSent] = useState<string>();
  const current = useRef<string>(undefined);

  function hold(next: string | undefined): void {
    current.current = next;
    setSent(next);
  }

  async function submit(values: ViewValues): Promise<void> {
    if (current.current === hash) return;
    setTrouble(undefined);
    hold(hash);
    const outcome = await send('/submit', { userId, values });
    setTrouble(troubleOf(outcome, appName));
    if (isTaken(outcome)) setTimeout(() => current.current === hash && hold(undefined), SHOWN_MS);
    else hold(undefined);
  }

  return { trouble, isSending: sent === hash, submit };
}

/** The app answered with something that will show in place of this view. */
function isTaken(outcome: Outcome): boolean {
  return 'delivery' in outcome && outcome.delivery.acked && outcome.delivery.ackBody.response_action !== 'errors';
}

function troubleOf(outcome: Outcome, appName: string): string | undefined {
  if ('refused' in outcome) return outcome.refused;
  return outcome.delivery.acked ? undefined : `We had some trouble connecting to ${appName}. Try again?`;
}
