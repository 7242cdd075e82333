/** Whose a payload is, in every way in which Slack may say it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBolt } from '../../../src/slack/transport/bolt.ts';
import { Unacknowledged } from '../../../src/slack/transport/receive.ts';
import { asOurs, installsOf } from '../../../src/slack/transport/whose.ts';

const OURS = 'T0OURS';
const OTHER = 'T0OTHER';

test.each([
  ['a workspace of its own', { team: { id: OURS, domain: 'x' }, user: { id: 'U1', team_id: OURS } }],
  ['Grid, where the team is null', { team: null, user: { id: 'U1', team_id: OURS }, is_enterprise_install: false }],
  ['Grid, where the team is left out', { user: { id: 'U1', team_id: OURS }, enterprise: { id: 'E1' } }],
  ['Grid, where home is another workspace', { team: { id: OURS }, user: { id: 'U1', team_id: OTHER } }],
  ['a window that alone says it', { team: null, user: { id: 'U1' }, view: { team_id: OURS } }],
  ['a command', { team_id: OURS, user_id: 'U1', command: '/tasks' }],
  ['an event', { team_id: OURS, event: { type: 'user_change' } }],
  ['an event that came by way of ours', { team_id: OTHER, context_team_id: OURS, event: { type: 'user_change' } }],
])('ours: %s', (_name, body) => {
  expect(asOurs(body, OURS)).toMatchObject({ ...body, team: { id: OURS }, team_id: OURS });
});

test.each([
  ['another team, whatever workspace the person has', { team: { id: OTHER }, user: { id: 'U1', team_id: OURS } }],
  ['another team', { team: { id: OTHER }, user: { id: 'U1', team_id: OTHER } }],
  ['a null team and a person of another', { team: null, user: { id: 'U1', team_id: OTHER } }],
  [
    'a window of ours in the hands of someone of another',
    { team: null, user: { team_id: OTHER }, view: { team_id: OURS } },
  ],
  ['a window of another, and nothing else', { view: { team_id: OTHER } }],
  [
    'a window that only says where the app is installed',
    { team: { id: OTHER }, view: { app_installed_team_id: OURS } },
  ],
  ['a command of another', { team_id: OTHER, command: '/tasks' }],
  ['an event of another', { team_id: OTHER, event: {} }],
])('not ours: %s', (_name, body) => {
  expect(asOurs(body, OURS)).toBeUndefined();
});

const EVENT = { team_id: OURS, event: { type: 'user_change' } };
const ORGANISATION = 'E0ORG';
const AUTHORIZED = { enterprise_id: ORGANISATION, user_id: 'U1', is_bot: true };

// slack.md 10.1: is_enterprise_install
test.each<[string, Record<string, unknown>, string[]]>([
  [
    'a click',
    { team: { id: OURS }, enterprise: { id: ORGANISATION }, is_enterprise_install: true },
    [ORGANISATION, OURS],
  ],
  [
    'a click without a team',
    { team: null, enterprise: { id: ORGANISATION }, is_enterprise_install: true },
    [ORGANISATION],
  ],
  [
    'a command, which is a form',
    { team_id: OURS, enterprise_id: ORGANISATION, is_enterprise_install: 'true' },
    [ORGANISATION, OURS],
  ],
  [
    'an event',
    { ...EVENT, authorizations: [{ ...AUTHORIZED, team_id: null, is_enterprise_install: true }] },
    [ORGANISATION, OURS],
  ],
  [
    'an event of a workspace in an organisation',
    { ...EVENT, authorizations: [{ ...AUTHORIZED, team_id: OURS, is_enterprise_install: false }] },
    [OURS, ORGANISATION],
  ],
  [
    'a click of a workspace in an organisation',
    { team: { id: OURS }, enterprise: { id: ORGANISATION }, is_enterprise_install: false },
    [OURS, ORGANISATION],
  ],
  [
    'a command of one',
    { team_id: OURS, enterprise_id: ORGANISATION, is_enterprise_install: 'false' },
    [OURS, ORGANISATION],
  ],
  ['one of no organisation', { team: { id: OURS }, enterprise: null, is_enterprise_install: false }, [OURS]],
  ['odd authorizations', { ...EVENT, authorizations: [null, AUTHORIZED] }, [OURS]],
])('which installs it may be for, the likeliest first: %s', (_name, body, ids) => {
  expect(installsOf(body)).toEqual(ids);
  expect(asOurs(body, ORGANISATION)?.team_id).toBe(ids.includes(ORGANISATION) ? ORGANISATION : undefined);
});

test('odd parts name no workspace, and what names none stays as it is', () => {
  const odd = fc.constantFrom<unknown>(null, undefined, '', 7, [], {}, { id: null, team_id: [] }, 'constructor');
  const body = fc.record(
    { team: odd, user: odd, view: odd, team_id: fc.constantFrom(null, '', 7) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(body, (parts) => {
      expect(asOurs(parts, OURS)).toBe(parts);
      expect(asOurs({ ...parts, view: { team_id: OURS } }, OURS)).toMatchObject({ team: { id: OURS }, team_id: OURS });
      expect(asOurs({ ...parts, view: { team_id: OTHER } }, OURS)).toBeUndefined();
    }),
  );
});

test('before Slack has told which workspace is ours, a click is not acknowledged but counted: nothing could record it', async () => {
  const log = { info() {}, warn() {}, error() {} };
  const settings = { botToken: 'xoxb-1', apiUrl: 'http://127.0.0.1:9/', signingSecret: 'secret', proxied: false };
  const counted: string[] = [];
  const meter = { acked() {}, notAcknowledged: (kind: string) => void counted.push(kind) };
  const { app } = createBolt({ ...settings, meter }, log, Date.now);
  let acked = false;
  const ack = async () => {
    acked = true;
  };

  const body = { type: 'block_actions', team: { id: OURS }, user: { id: 'U1', team_id: OURS }, actions: [] };
  await expect(app.processEvent({ body, ack })).rejects.toThrow(Unacknowledged);

  expect(acked).toBe(false);
  expect(counted).toEqual(['block_actions']);
});
