/** Bolt's app as Docket needs it: whose a payload is, whether it was acknowledged, and which listeners still run. */
import { App, type AppOptions, type ReceiverEvent } from '@slack/bolt';
import type { Meter } from '../../core/ports/meter.ts';
import { isObject, Unacknowledged } from './receive.ts';
import { asOurs, installsOf } from './whose.ts';

export type BeginAck = () => () => void;

export type AckMeter = Pick<Meter, 'acked' | 'notAcknowledged'>;

export interface Watching {
  meter: AckMeter;
  beginAck: BeginAck;
}

/** The id of no workspace. */
export const NOBODY = '';

/** Bolt's app, which also checks workspaces, running listeners and missing acknowledgements. */
export class WatchedApp extends App {
  readonly #token: string | undefined;
  readonly #watching: Watching;
  readonly #running = new Set<Promise<void>>();
  #teamId: string | undefined;
  /** By workspace: who gets the payloads that are not ours. */
  readonly others = new Map<string, WatchedApp>();
  /** Workspaces that cannot be served just now. */
  readonly refused = new Set<string>();

  constructor({
    meter,
    beginAck,
    token,
    teamId,
    ...options
  }: AppOptions & Watching & { token: string | undefined; teamId?: string }) {
    // Bolt takes either.
    super(token === undefined ? options : { ...options, token });
    this.#token = token;
    this.#watching = { meter, beginAck };
    this.#teamId = teamId;
  }

  override async init(): Promise<void> {
    await super.init();
    this.#teamId ??= (await this.client.auth.test(this.#token === undefined ? {} : { token: this.#token })).team_id;
  }

  /** The receiver turns an error into a refusal at once; Bolt alone would let Slack wait three seconds. */
  override async processEvent(event: ReceiverEvent): Promise<void> {
    if (!isObject(event.body)) throw new TypeError('the payload is no object');
    // Without our workspace's id nothing can be recorded, so nothing is acknowledged.
    if (this.#teamId === undefined) throw this.#unacknowledged(kindOf(event.body));
    const served = installsOf(event.body).find((id) => id === this.#teamId || this.others.has(id));
    const other = served === undefined ? undefined : this.others.get(served);
    if (other) return other.processEvent(event);
    const body = asOurs(event.body, this.#teamId);
    if (!body) return this.#passOver(event);
    if (this.#teamId === NOBODY) throw this.#unacknowledged(kindOf(body));
    let acknowledged = false;
    const kind = kindOf(body);
    const from = performance.now();
    const endAck = this.#watching.beginAck();
    const ack: ReceiverEvent['ack'] = (answer) => {
      if (!acknowledged) this.#watching.meter.acked(kind, performance.now() - from);
      acknowledged = true;
      endAck();
      return event.ack(answer);
    };
    const work = super.processEvent({ ...event, body, ack });
    this.#running.add(work);
    try {
      await work;
    } finally {
      endAck();
      this.#running.delete(work);
    }
    if (acknowledged) return;
    throw this.#unacknowledged(kind);
  }

  /** Payloads of nobody's are acknowledged. So are events of a refused workspace: Slack would send them again, and at last send none. */
  async #passOver({ body, ack }: ReceiverEvent): Promise<void> {
    const kind = kindOf(body);
    if (kind !== 'event' && installsOf(body).some((id) => this.refused.has(id))) throw this.#unacknowledged(kind);
    return ack();
  }

  #unacknowledged(kind: string): Unacknowledged {
    this.#watching.meter.notAcknowledged(kind);
    return new Unacknowledged();
  }

  /** Most listeners run on after their acknowledgement. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}

const KINDS = ['block_actions', 'block_suggestion', 'message_action', 'shortcut', 'view_submission', 'view_closed'];

/** Of a few kinds: whoever signs a request chooses its type. */
function kindOf({ type, command }: Record<string, unknown>): string {
  if (typeof command === 'string') return 'command';
  if (type === 'event_callback') return 'event';
  return KINDS.find((kind) => kind === type) ?? 'other';
}
