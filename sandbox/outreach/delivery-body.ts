/**
 * The body of a webhook delivery (outreach.md 8), as others have recorded it: ids are numbers, relationships have no
 * `data` around them, and the time has an offset.
 */
import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { toJson, type WireObject } from '../json.ts';
import type { Change, HeldTask } from './book.ts';
import { taskResource } from './resources.ts';

export function deliveryBody({ event, before, task }: Change, at: number): string {
  // Only what changed, but all that was last known of what was deleted.
  const isWhole = before === undefined;
  const after = flat(task);
  const earlier = before && flat(before);
  const changed = Object.keys(after).filter(
    (name) => isWhole || toJson(after[name] ?? null) !== toJson(earlier?.[name] ?? null),
  );
  const data = (members: Flat): WireObject => ({ type: 'task', id: BigInt(task.id), ...split(members, changed) });
  return toJson({
    data: data(after),
    ...(earlier && { beforeUpdate: data(earlier) }),
    meta: { deliveredAt: pacificTime(at), eventName: event, jobId: randomUUID() },
  });
}

type Flat = Record<string, WireObject>;

/** Attributes and to-one relationships side by side, each as `{attribute}` or `{relationship}`. */
function flat(task: HeldTask): Flat {
  const { attributes, relationships } = taskResource(task);
  const members: Flat = {};
  for (const [name, attribute] of Object.entries(attributes)) members[name] = { attribute };
  for (const [name, relationship] of Object.entries(relationships)) {
    if (isToOne(relationship)) members[name] = { relationship: relationship.data };
  }
  return members;
}

function isToOne(relationship: WireObject[string]): relationship is WireObject {
  return typeof relationship === 'object' && relationship !== null && 'data' in relationship;
}

function split(members: Flat, names: readonly string[]): WireObject {
  const attributes: WireObject = {};
  const relationships: WireObject = {};
  for (const name of names) {
    const { attribute, relationship } = members[name] ?? {};
    if (attribute !== undefined) attributes[name] = attribute;
    if (relationship !== undefined && relationship !== null) relationships[name] = relationship;
  }
  return { attributes, relationships };
}

/** `2025-11-04T01:40:36.795-08:00`, as it was seen. */
function pacificTime(at: number): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('America/Los_Angeles');
  return local.toString({ timeZoneName: 'never', smallestUnit: 'millisecond' });
}
