import { issueResponseUrl, issueTrigger } from './grants.ts';
import { directMessage, messageJson } from './messages.ts';
import { ENTERPRISE, nextId, requireUser, type State, type StoredView } from './state.ts';
import type { JsonObject, SandboxMessage, ViewValues } from './types.ts';
import { viewJson } from './views.ts';

function common(state: State, userId: string): JsonObject {
  const user = requireUser(state, userId);
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: state.place },
    api_app_id: state.appId,
    token: state.token,
    team: state.grid ? null : { id: state.teamId, domain: state.domain },
    enterprise: state.grid ? ENTERPRISE : null,
    is_enterprise_install: state.grid === 'org',
  };
}

export function messageAction(
  state: State,
  userId: string,
  message: SandboxMessage,
  action: JsonObject,
  values: ViewValues,
): JsonObject {
  const { channel, ts, ephemeral } = message;
  return {
    type: 'block_actions',
    ...common(state, userId),
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: ephemeral },
    trigger_id: issueTrigger(state, userId),
    channel: { id: channel, name: 'directmessage' },
    // Of an ephemeral message Slack keeps no copy, so it can send none.
    ...(ephemeral ? {} : { message: messageJson(state, message) }),
    state: { values },
    response_url: issueResponseUrl(state, { userId, channel, ts }),
    actions: [action],
  };
}

/** Its response_url answers with new messages: a shortcut has no control in the message to replace. */
export function messageShortcut(
  state: State,
  userId: string,
  message: SandboxMessage,
  callbackId: string,
  actionTs: string,
): JsonObject {
  const { channel, ts } = message;
  return {
    type: 'message_action',
    ...common(state, userId),
    callback_id: callbackId,
    trigger_id: issueTrigger(state, userId),
    action_ts: actionTs,
    message_ts: ts,
    channel: { id: channel, name: 'directmessage' },
    message: messageJson(state, message),
    response_url: issueResponseUrl(state, { userId, channel }),
  };
}

export function viewAction(state: State, view: StoredView, action: JsonObject): JsonObject {
  return {
    type: 'block_actions',
    ...common(state, view.userId),
    container: { type: 'view', view_id: view.id },
    trigger_id: issueTrigger(state, view.userId),
    view: viewJson(state, view),
    actions: [action],
  };
}

export function viewSubmission(state: State, view: StoredView): JsonObject {
  return {
    type: 'view_submission',
    ...common(state, view.userId),
    trigger_id: issueTrigger(state, view.userId),
    view: viewJson(state, view),
    response_urls: [],
  };
}

/** It has no trigger: nothing can be opened by it. */
export function viewClosed(state: State, view: StoredView, isCleared: boolean): JsonObject {
  return {
    type: 'view_closed',
    ...common(state, view.userId),
    view: viewJson(state, view),
    is_cleared: isCleared,
  };
}

export function slashCommand(state: State, userId: string, command: string, text: string): JsonObject {
  const user = requireUser(state, userId);
  const channel = directMessage(state, userId);
  return {
    token: state.token,
    team_id: state.place,
    team_domain: state.domain,
    channel_id: channel,
    channel_name: 'directmessage',
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: state.appId,
    ...(state.grid ? { enterprise_id: ENTERPRISE.id, enterprise_name: ENTERPRISE.name } : {}),
    is_enterprise_install: String(state.grid === 'org'),
    response_url: issueResponseUrl(state, { userId, channel }),
    trigger_id: issueTrigger(state, userId),
  };
}

export function eventCallback(state: State, event: JsonObject): JsonObject {
  return {
    token: state.token,
    team_id: state.place,
    api_app_id: state.appId,
    event,
    type: 'event_callback',
    event_id: nextId(state, 'Ev'),
    event_time: Math.floor(state.clock() / 1_000),
    authorizations: [
      {
        enterprise_id: state.grid ? ENTERPRISE.id : null,
        team_id: state.grid === 'org' ? null : state.teamId,
        user_id: state.botUserId,
        is_bot: true,
        is_enterprise_install: state.grid === 'org',
      },
    ],
    is_ext_shared_channel: false,
  };
}
