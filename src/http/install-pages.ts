/** The pages for a person who installs the app in a workspace. */
import type { InstallFailure, InstallOutcome } from '../core/people/installing.ts';
import type { Page } from './pages.ts';

/** `startUrl`: from there Slack's own page is opened. */
export function installPage(startUrl: string): Page {
  return {
    status: 200,
    title: 'Add Docket to your Slack',
    text: [
      'Docket brings sales reps their open tasks in Slack, every working morning, with the buttons to settle them. Slack shows you first what Docket may see and do, and asks for your consent. You need the right to install apps in your workspace, or Slack asks someone who has it.',
      'Only you get a message now: Docket writes to you in Slack with the next step.',
    ],
    link: { text: 'Add to Slack', href: startUrl },
  };
}

/** `installUrl`: where one begins again. */
export function installOutcomePage(outcome: InstallOutcome, installUrl: string): Page {
  const { status, title, text, isAgain } = pageOf(outcome);
  return { status, title, text, ...(isAgain && { link: { text: 'Begin again', href: installUrl } }) };
}

/** `isAgain`: with a link to begin again. */
type Said = Pick<Page, 'status' | 'title' | 'text'> & { isAgain?: true };

function pageOf(outcome: InstallOutcome): Said {
  switch (outcome.is) {
    case 'installed':
      if (outcome.again) return installedAgain(outcome.workspace);
      return outcome.everywhere ? installedEverywhere(outcome.workspace) : installed(outcome.workspace);
    case 'own':
      return {
        status: 409,
        title: 'Docket is in this workspace already',
        text: `${outcome.workspace} is the workspace that this Docket is set up for by its operator, so nothing was changed and nothing of this install was kept. Reps type /tasks in Slack. If Docket does not answer there, ask whoever runs it.`,
      };
    case 'leaving':
      return {
        status: 503,
        title: 'One moment: Docket is still leaving',
        text: `Docket was removed from ${outcome.workspace} a moment ago, and deletes what it kept of it. Nothing of this install was kept. Wait two minutes, then begin again; it is safe.`,
        isAgain: true,
      };
    case 'denied':
      return {
        status: 200,
        title: 'Docket was not installed',
        text: 'You did not allow it, so nothing was changed. If you change your mind, begin again; it is safe.',
        isAgain: true,
      };
    case 'not_ready':
      return {
        status: 503,
        title: 'Docket is starting',
        text: 'Docket has just been started and does not reach Slack yet. Nothing was changed. Load this page again in a minute; it is safe.',
      };
    default:
      return failed(outcome);
  }
}

function installed(workspace: string): Said {
  return {
    status: 200,
    title: `Docket is in ${workspace}`,
    text: [
      'Docket has written to you in Slack. What comes next: an admin types /tasks tools and connects the sales tools, then each rep is found by their address and gets a first message.',
      'Everyone can type /tasks in Slack from now on.',
    ],
  };
}

/** Slack adds an app of an organisation to no workspace by itself (slack.md 9.3). */
function installedEverywhere(organisation: string): Said {
  return {
    status: 200,
    title: `Docket is in the organisation ${organisation}`,
    text: [
      "It is in no workspace yet: in Slack's organisation settings, under Integrations, an admin of the organisation opens Docket and adds it to the workspaces that need it.",
      'Then an admin types /tasks tools in Slack and connects the sales tools; each rep is found by their address within a day and gets a first message. Whoever is in several of the workspaces gets one digest, and the same list in each.',
    ],
  };
}

function installedAgain(workspace: string): Said {
  return {
    status: 200,
    title: `Docket is installed in ${workspace} anew`,
    text: 'Docket was there already and uses the new permissions from now on. Accounts, settings and lists are as they were; nobody has to do anything. Reps type /tasks in Slack.',
  };
}

function failed({ is, reference }: { is: InstallFailure; reference: string }): Said {
  const { text, ...rest } = FAILED[is];
  return { ...rest, text: `${text} (Reference: ${reference})`, isAgain: true };
}

const NOT_DONE = 'Docket was not installed';

const FAILED = {
  foreign: {
    status: 400,
    title: 'This browser did not begin the install',
    text: 'Nothing was installed now. An install has to end in the browser in which it began, with cookies allowed. If two windows were open, only the last one counts. If you loaded this page again after an install, all is well: Docket has written to you in Slack. Else begin again here; it is safe.',
  },
  expired: {
    status: 400,
    title: 'This install took too long',
    text: "Nothing was installed. Slack's page is good for ten minutes. Begin again; it is safe.",
  },
  used: {
    status: 400,
    title: 'This page was opened before',
    text: 'It works once, and changes nothing now. If Docket has written to you in Slack, all is well. If not, begin again; it is safe.',
  },
  refused: {
    status: 502,
    title: NOT_DONE,
    text: 'Slack refused to complete it, and nothing was changed. Begin again; it is safe. If it happens twice, tell whoever runs Docket the reference.',
  },
  unavailable: {
    status: 502,
    title: NOT_DONE,
    text: 'Slack did not answer, so nothing was kept. Begin again in a minute; it is safe.',
  },
  no_bot: {
    status: 502,
    title: NOT_DONE,
    text: "Slack gave Docket no bot, without which it cannot answer anyone, so nothing was kept. Tell whoever runs Docket the reference: the app's settings at Slack need a bot user. Then begin again; it is safe.",
  },
  failed: {
    status: 500,
    title: NOT_DONE,
    text: 'Something in Docket broke, and it is not certain whether the install was kept. Begin again; it is safe. If it happens twice, tell whoever runs Docket the reference.',
  },
} satisfies Record<InstallFailure, Said>;
