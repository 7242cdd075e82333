/** `/tasks tools`: admins see the workspace's sales tools, and connect, replace or disconnect one. */
import type { App, BlockAction } from '@slack/bolt';
import { actions, section } from '../../../blocks/elements.ts';
import { ACTION, VIEW } from '../../../blocks/ids.ts';
import { fieldProblem, saidOfEnd, saidOfSave, TOOLS } from '../../../blocks/tool-words.ts';
import {
  checkingText,
  decodeForm,
  decodeTool,
  fieldBlock,
  toolForm,
  toolNotice,
  toolsButton,
  toolsWindow,
} from '../../../blocks/tools-window.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { readToolForm } from '../../core/model/tool-form.ts';
import type { People } from '../../core/people/people.ts';
import type { ToolDesk } from '../../core/people/tool-desk.ts';
import { Click, Submission } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';
import { type Replies, respondOf } from './replies.ts';

interface ToolParts {
  tools: ToolDesk;
  people: Pick<People, 'readerOf'>;
  replies: Replies;
}

/** `triggerId`: opens a window; undefined for a typed message, which gets a button. */
export async function sayTools(
  parts: ToolParts,
  by: RepKey,
  { triggerId, respond }: { triggerId: string | undefined; respond: Respond },
): Promise<void> {
  const view = await parts.tools.look(by);
  if (!view) return void (await respond({ response_type: 'ephemeral', text: TOOLS.notAdmin }));
  if (triggerId === undefined) {
    const text = 'The sales tools of this workspace:';
    return void (await respond({
      response_type: 'ephemeral',
      text,
      blocks: [section(text), actions([toolsButton()])],
    }));
  }
  const windowId = await parts.replies.openView(triggerId, toolsWindow(view, await parts.people.readerOf(by)));
  if (windowId) await showAnswers(parts, by, windowId);
}

/** Fills in what the tools answer now, which may take seconds. */
async function showAnswers({ tools, people, replies }: ToolParts, by: RepKey, windowId: string, said?: string) {
  const answers = await tools.ask(by);
  const view = await tools.look(by);
  if (!view) return;
  await replies.updateModal(windowId, toolsWindow(view, await people.readerOf(by), { answers, ...(said && { said }) }));
}

export function registerTools(app: App, parts: ToolParts & { wake(): void }): void {
  const { tools, people, replies } = parts;

  app.action<BlockAction>(ACTION.tools, async (args) => {
    const click = Click.parse(args.body);
    const { clicker } = click;
    await args.ack();
    await replies.orApologise(clicker, respondOf(args), async () => {
      const view = await tools.look(clicker);
      if (!view) return replies.tell(clicker, respondOf(args), TOOLS.notAdmin);
      const windowId = await replies.openModal(args, click, toolsWindow(view, await people.readerOf(clicker)));
      if (windowId) await showAnswers(parts, clicker, windowId);
    });
  });

  app.action<BlockAction>(ACTION.toolConnect, async (args) => {
    const click = Click.parse(args.body);
    const { clicker, value, windowId } = click;
    await args.ack();
    await replies.orApologise(clicker, undefined, async () => {
      const ref = decodeTool(value);
      const kind = ref && tools.kindOf(ref.provider);
      // Whether they may is asked with what they send: only then it matters, and a trigger lives three seconds.
      if (kind) await replies.openModal(args, click, toolForm(kind, { ...ref, root: windowId }));
    });
  });

  app.action<BlockAction>(ACTION.toolEnd, async (args) => {
    const { clicker, value, windowId } = Click.parse(args.body);
    await args.ack();
    await replies.orApologise(clicker, undefined, async () => {
      const ref = decodeTool(value);
      const kind = ref && tools.kindOf(ref.provider);
      if (!kind || ref.seenAt === undefined) return;
      const result = await tools.end(clicker, { kind, seenAt: ref.seenAt });
      const said = saidOfEnd(result, kind.name, await people.readerOf(clicker));
      const view = windowId === undefined ? undefined : await tools.look(clicker);
      if (!view || windowId === undefined) return replies.tell(clicker, undefined, said);
      await replies.updateModal(windowId, toolsWindow(view, await people.readerOf(clicker), { said }));
      await showAnswers(parts, clicker, windowId, said);
    });
  });

  registerForm(app, parts);
}

/** The tool may be slower than Slack's time-out, so the window says first that it is asked. */
function registerForm(app: App, parts: ToolParts & { wake(): void }): void {
  const { tools, people, replies, wake } = parts;
  app.view(VIEW.tool, async ({ ack, body }) => {
    const { submitter: by, viewId, metadata, inputs } = Submission.parse(body);
    const ref = decodeForm(metadata);
    const kind = ref && tools.kindOf(ref.provider);
    if (!kind) return ack();
    const { name, form, redirectUri } = kind;
    const typed = Object.fromEntries(form.map((field) => [field.name, inputs[fieldBlock(field.name)]?.value ?? '']));
    const read = readToolForm(form, typed);
    if ('problems' in read) {
      const errors = Object.entries(read.problems).map(([field, problem]) => [
        fieldBlock(field),
        fieldProblem(problem),
      ]);
      return ack({ response_action: 'errors', errors: Object.fromEntries(errors) });
    }
    await ack({ response_action: 'update', view: toolNotice(name, checkingText(name)) });
    await replies.orApologise(by, undefined, async () => {
      const result = await tools.save(by, { kind, settings: read.settings, seenAt: ref.seenAt });
      if (result.is === 'saved') wake();
      const said = saidOfSave(result, { name, consent: redirectUri !== undefined }, await people.readerOf(by));
      const next = result.is === 'refused' ? toolForm(kind, ref, said) : toolNotice(name, said);
      if (!(await replies.updateModal(viewId, next))) await replies.tell(by, undefined, said);
      if (ref.root !== undefined) await showAnswers(parts, by, ref.root);
    });
  });
}
