/** Registers every listener of a workspace with Bolt. Each is given the use cases that it calls. */
import { createTypedVerbs } from './core/ask/act.ts';
import { createEdits } from './core/clicks/edits.ts';
import { createFocus } from './core/clicks/focus.ts';
import { createFollowUps } from './core/clicks/follow-up.ts';
import { createHistory } from './core/clicks/history.ts';
import { createClicks } from './core/clicks/record.ts';
import { createSweeps } from './core/clicks/sweeps.ts';
import { createClosing } from './core/digests/close.ts';
import { createSchedules } from './core/digests/schedule.ts';
import { createDigests } from './core/digests/send.ts';
import { showConnection } from './core/people/connected.ts';
import { createLinkDecisions } from './core/people/decide.ts';
import { createDigestSwitch } from './core/people/off-switch.ts';
import { createRollups } from './core/people/rollups.ts';
import { createTeamDesk } from './core/people/team-rep.ts';
import { createToolDesk } from './core/people/tool-desk.ts';
import type { ToolBench } from './core/ports/tool-bench.ts';
import { type Accounts, createAccounts, registerAccounts } from './slack/listeners/accounts.ts';
import { registerAsk } from './slack/listeners/ask.ts';
import { registerAskButtons } from './slack/listeners/ask-buttons.ts';
import { registerAsks } from './slack/listeners/asks.ts';
import { registerClose } from './slack/listeners/close.ts';
import { registerClosed } from './slack/listeners/closed.ts';
import { registerEdits } from './slack/listeners/edits.ts';
import { registerFocus } from './slack/listeners/focus.ts';
import { registerFollowUp } from './slack/listeners/follow-up.ts';
import { registerHistory, sayHistory } from './slack/listeners/history.ts';
import { createHome, registerHome } from './slack/listeners/home.ts';
import { registerLists } from './slack/listeners/lists.ts';
import { registerMembers } from './slack/listeners/members.ts';
import { createReplies } from './slack/listeners/replies.ts';
import { registerRollups } from './slack/listeners/rollups.ts';
import { registerRows } from './slack/listeners/rows.ts';
import { registerSettings } from './slack/listeners/settings.ts';
import { registerSweep } from './slack/listeners/sweep.ts';
import { createTaskWindow } from './slack/listeners/task-window.ts';
import { registerTeam } from './slack/listeners/team.ts';
import { registerDesk } from './slack/listeners/team-desk.ts';
import { registerTools } from './slack/listeners/tools.ts';
import { registerTyped } from './slack/listeners/typed.ts';
import { registerWelcome } from './slack/listeners/welcome.ts';
import { registerWhen } from './slack/listeners/when.ts';
import { createLeftMessages } from './slack/screen/left-messages.ts';
import type { BoltApp } from './slack/transport/bolt.ts';
import { registerTokens, type WatchedClient } from './slack/transport/client.ts';
import type { UseCases } from './use-cases.ts';

/** Returns what the OAuth callback needs to show a new connection. `wake` starts the worker after a job was written. */
export function registerListeners(
  app: BoltApp['app'],
  uses: UseCases,
  { client, bench }: { client: WatchedClient; bench: ToolBench },
  wake: () => void,
): Accounts {
  const { providers, people, views, lists, signIns, screen, clock, log } = uses;
  const clicks = createClicks(uses);
  const edits = createEdits(uses);
  const history = createHistory(uses.store);
  const links = createLinkDecisions(uses);
  const schedules = createSchedules(uses);
  const digestSwitch = createDigestSwitch(uses);
  const digests = createDigests(uses);
  const desk = createTeamDesk({ ...uses, digests });
  const rollups = createRollups(uses);
  const tools = createToolDesk({ ...uses, bench });
  const replies = createReplies({ ...uses, client });
  const home = createHome({ people, lists, views, screen, client });
  const left = createLeftMessages(clock);
  const accounts = createAccounts({
    signIns,
    people,
    providers,
    home,
    left,
    async showConnection(rep, name) {
      const provider = [...providers.values()].find((each) => each.name === name);
      if (provider) await showConnection(uses, rep, provider.id);
    },
  });
  const historyParts = { history, providers, people, replies, clock };
  const sayTheirs = sayHistory.bind(undefined, historyParts);
  const sweeps = createSweeps(uses);
  const askParts = {
    lists,
    providers,
    views,
    screen,
    wake,
    log,
    verbs: createTypedVerbs({ ...uses, clicks, sweeps }),
    digests,
    schedules,
    people,
    digestSwitch,
    desk,
    rollups,
    tools,
    history: sayTheirs,
    accounts,
    replies,
  };
  const taskWindow = createTaskWindow({ clicks, edits, people, replies, providers, views, screen, wake });
  registerRows(app, { clicks, edits, people, replies, screen, taskWindow, wake, log });
  taskWindow.register(app);
  const focus = createFocus({ ...uses, clicks });
  registerFocus(app, { focus, sweeps: createSweeps(uses), views, providers, replies, screen, wake, clock });
  registerClosed(app, { focus, screen, wake });
  registerWhen(app, { clicks, people, replies, screen, client, wake, log });
  registerSweep(app, { sweeps: createSweeps(uses), people, providers, replies, screen, wake, log });
  registerClose(app, { closing: createClosing(uses), people, providers, replies, screen, wake });
  registerEdits(app, { clicks, edits, people, replies, screen, wake });
  registerFollowUp(app, { followUps: createFollowUps(uses), people, providers, replies, screen, wake, clock, log });
  registerLists(app, { lists, views, people, replies, screen });
  registerSettings(app, { people, schedules, replies, home });
  registerHistory(app, historyParts);
  registerHome(app, home);
  registerAsks(app, { ...askParts, home, lists, views, client });
  registerAccounts(app, { links, views, signIns, people, providers, left, accounts, replies, wake });
  registerWelcome(app, { digests, schedules, people, replies });
  registerDesk(app, { people, desk, replies, wake });
  registerRollups(app, { rollups, people, replies, wake });
  registerTools(app, { tools, people, replies, wake });
  registerTeam(app, { links, digestSwitch, people, providers, replies, wake });
  registerAsk(app, askParts);
  registerAskButtons(app, askParts);
  registerTyped(app, { ...askParts, client });
  registerMembers(app, { people, log });
  registerTokens(app, client.watch);
  app.error(async (error) => log.error({ err: error }, 'a listener failed'));
  return accounts;
}
