/** The JSON between the page and its server. */
import type {
  Delivery,
  JsonObject,
  MessageShortcut,
  SandboxMessage,
  SandboxView,
  SlashCommand,
  ViewValues,
} from '../slack/types.ts';

export interface PageUser {
  id: string;
  realName: string;
  /** IANA zone. */
  tz: string;
  /** Timestamps of what the app posted to this person, for the badge of unread messages. */
  received: string[];
}

export interface PageChannel {
  id: string;
  /** Without `#`. */
  name: string;
  messages: SandboxMessage[];
}

/** A task as a provider holds it, not as the app shows it. */
export interface PanelTask {
  id: string;
  title: string;
  /** The contact, for example `Dana Okonjo, Halvorsen Freight`. */
  about: string;
  /** The provider's own word, for example `OPEN`. */
  status: string;
  isOpen: boolean;
  /** ISO-8601. */
  due?: string;
}

/** A request that a provider received. */
export interface PanelCall {
  id: number;
  at: number;
  method: string;
  path: string;
  /** 0 while, or because, nothing was answered. */
  status: number;
  /** The fields of the body, in words: `status: DONE`. */
  fields: string[];
  /** It asked for a change, not only to read. */
  isChange: boolean;
  /** A fault answered instead of the provider. */
  isFault: boolean;
}

/** A page of the provider's own, for example where a person consents. */
export interface PanelLink {
  text: string;
  url: string;
}

export interface PanelState {
  id: string;
  name: string;
  /** A sentence below the name. */
  note?: string;
  link?: PanelLink;
  isDown: boolean;
  /** False: the provider does not know this person. */
  isKnown: boolean;
  tasks: PanelTask[];
  /** Newest first, the latest ones only. */
  calls: PanelCall[];
  callCount: number;
}

/** The clock that the app, the tools and the page share. */
export interface ClockState {
  isRunning: boolean;
  /** The next working day's nine o'clock of this person. */
  nextMorning: number;
  /** The clock is on its way to a later time. */
  journey?: { kind: 'jump'; to: number } | { kind: 'week' };
  /** The morning of the week that was reached last. */
  morning?: {
    number: number;
    of: number;
    at: number;
    /** The morning before, or the beginning. */
    since: number;
    /** What happened at the tools since then, in sentences. */
    told: readonly string[];
    becameOverdue: readonly string[];
  };
  /** Why the clock did not get where it was to go. */
  problem?: string;
}

/** What a person does to the clock. */
export type ClockRequest =
  | { do: 'pause' }
  | { do: 'go on' }
  | { do: 'next morning'; userId: string }
  | { do: 'to'; at: number }
  | { do: 'week'; userId: string }
  | { do: 'stop' };

export interface PageState {
  workspace: string;
  appName: string;
  /** By the sandbox's clock, which need not be the machine's. */
  now: number;
  /** Absent: the clock is the machine's, or a test's, and nobody sets it. */
  clock?: ClockState;
  isConnected: boolean;
  users: PageUser[];
  channels: PageChannel[];
  userId: string;
  messages: SandboxMessage[];
  home?: SandboxView;
  modal?: SandboxView;
  panels: PanelState[];
  /** The entries of a message's menu. */
  shortcuts: MessageShortcut[];
  /** The entries of the composer's menu. */
  commands: SlashCommand[];
  suggestions: string[];
}

/** The result of a click, a command or a submission; `refused`: the control is no longer there. */
export type Outcome = { delivery: Delivery } | { refused: string };

export type Where = { ts: string } | { home: true } | { modal: true };

/** The bodies of the page's POSTs, by path. */
export interface Requests {
  /** `values`: what stands in the modal's inputs. */
  '/act': { userId: string; where: Where; blockId: string; action: JsonObject; values?: ViewValues | undefined };
  '/submit': { userId: string; values: ViewValues };
  /** `cross`: the whole stack of views, instead of the one on top. */
  '/close': { userId: string; by?: 'button' | 'cross' | undefined };
  '/shortcut': { userId: string; ts: string; callbackId: string };
  '/command': { userId: string; command: string; text: string };
  '/say': { userId: string; text: string };
  '/home': { userId: string };
  '/clock': ClockRequest;
}
