/** The other end of `Child.ask`: a child process answers its parent, and ends with it. */
interface Question {
  id: number;
  question: string;
  details: unknown;
}

export interface Answer {
  id: number;
  value?: unknown;
  error?: string;
}

/** Questions that are not named here are left for others who answer. */
export function answerQuestions(answers: Readonly<Record<string, (details: never) => unknown>>): void {
  process.on('message', async ({ id, question, details }: Question) => {
    const answer = answers[question];
    if (!answer) return;
    try {
      process.send?.({ id, value: await answer(details as never) } satisfies Answer);
    } catch (error) {
      process.send?.({
        id,
        error: error instanceof Error ? (error.stack ?? error.message) : 'failed',
      } satisfies Answer);
    }
  });
  process.on('disconnect', () => process.exit());
}
