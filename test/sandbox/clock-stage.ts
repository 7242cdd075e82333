/** A page with a clock that is set, beside an app that has nothing to do. */
import { onTestFinished } from 'vitest';
import { createClock } from '../../sandbox/clock.ts';
import { createClockDesk } from '../../sandbox/clock-desk.ts';
import type { PageState } from '../../sandbox/page/protocol.ts';
import { DEMO_PEOPLE } from '../../sandbox/people.ts';
import { closeSimulators, createSimulators, panelsOf } from '../../sandbox/providers.ts';
import { createScript } from '../../sandbox/script.ts';
import { createSlackWorkspace } from '../../sandbox/slack/workspace.ts';
import { createTravel } from '../../sandbox/travel.ts';
import { createWeb } from '../../sandbox/web.ts';

/** A Monday, just before nine in New York. */
export const MONDAY = Date.UTC(2026, 10, 30, 13, 59, 53);
const [MAYA] = DEMO_PEOPLE;

export async function startClockPage({ stepMs = 0, lookMs = 30 }: { stepMs?: number; lookMs?: number } = {}) {
  const clock = createClock(MONDAY);
  const slack = await createSlackWorkspace({
    clock: clock.now,
    users: DEMO_PEOPLE.map(({ slackId, handle, realName, zone }) => ({
      id: slackId,
      name: handle,
      realName,
      tz: zone,
    })),
  });
  onTestFinished(slack.close);
  const simulators = await createSimulators(['gong', 'reply'], { clock: clock.now });
  onTestFinished(() => closeSimulators(simulators));
  const panels = panelsOf(simulators, clock.now);
  const script = createScript(panels);
  const idle = () => new Promise<void>((resolve) => setTimeout(resolve, stepMs));
  const travel = createTravel({ clock, script, idle, tick: async () => {}, nextAt: async () => undefined });
  onTestFinished(travel.stop);
  const zones = new Map<string, string>(DEMO_PEOPLE.map(({ slackId, zone }) => [slackId, zone]));
  const desk = createClockDesk({ clock, travel, script, panels, zoneOf: (userId) => zones.get(userId), lookMs });
  const web = await createWeb({ slack, providers: panels, clock: clock.now, desk });
  onTestFinished(web.close);

  async function state(userId: string = MAYA.slackId): Promise<PageState> {
    return (await (await fetch(`${web.url}/state?user=${userId}`)).json()) as PageState;
  }
  async function ask(body: object, headers: Record<string, string> = {}) {
    const type = { 'content-type': 'application/json' };
    const request = { method: 'POST', headers: { ...type, ...headers }, body: JSON.stringify(body) };
    const answer = await fetch(`${web.url}/clock`, request);
    return { status: answer.status, said: (await answer.json()) as { refused?: string; error?: string } };
  }
  return { clock, slack, panels, script, web, state, ask };
}
