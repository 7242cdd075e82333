/** Too much of anything costs what is too much, and nothing else. What Slack does not take is counted. */
import { bytesOf, LIMITS } from '../../../blocks/limits.ts';
import type { SandboxMessage } from '../../../sandbox/slack/types.ts';
import { gongTask } from '../../flow/cast.ts';
import { digestOf, press } from '../../flow/press.ts';
import { fresh, patches, posted, rowsOf, wordsOf } from '../../flow/read.ts';
import { createWorld, type World } from '../../flow/world.ts';
import { SIZE_AT_TOOLS } from './size-at-tools.ts';
import { inWords, type Story, times, UNHURRIED } from './story.ts';

const TWELVE = Array.from({ length: 12 }, (_, index) => `9007199254740993${100 + index}`);

/** Every task has a row, or is on a page that Next leads to. */
function accounted(message: SandboxMessage, of: number): string {
  const rows = rowsOf(message.blocks).length;
  const last = Number(/Tasks 1 to (\d+) of/.exec(wordsOf(message))?.[1] ?? rows);
  const left = last < of ? of - last : 0;
  if (rows + left !== of) return `${rows} rows, ${left} counted`;
  return left > 0 && rows > 0 ? 'fewer rows, the rest counted' : `${rows} rows`;
}

const refusals = ({ slack }: World) => slack.calls.filter(({ result }) => result === 'msg_blocks_too_long').length;

async function largePost(): Promise<string> {
  const world = await createWorld({ ...UNHURRIED, tasks: TWELVE.map((id) => gongTask({ id })) });
  world.slack.limitMessages(4_000);
  const digest = await digestOf(world);
  return inWords(
    refusals(world) > 0 && 'refused',
    `then posted ${times(posted(world).length)} with ${accounted(digest, TWELVE.length)}`,
  );
}

async function largeEdit(): Promise<string> {
  const world = await createWorld({ ...UNHURRIED, tasks: TWELVE.map((id) => gongTask({ id })) });
  const digest = await digestOf(world);
  world.slack.limitMessages(3_000);
  await press(world, digest, 'Whitfield 100', 'Done');
  const shown = fresh(world, digest);
  return inWords(
    refusals(world) > 0 && 'refused',
    `done ${times(patches(world).length)}`,
    wordsOf(shown).includes('Marked done in Gong') ? 'the outcome shown' : 'the outcome not shown',
    accounted(shown, TWELVE.length),
  );
}

/** Ten rows whose names are of three bytes a character, so that the text for notifications is full long before its time. */
async function manyBytes(): Promise<string> {
  const name = (id: string) => `${id.slice(-3)} ${'営業部長'.repeat(20)}`;
  const world = await createWorld({
    ...UNHURRIED,
    tasks: TWELVE.map((id) =>
      gongTask({ id, title: 'électrique'.repeat(20), contact: { data: { lastName: name(id) } } }),
    ),
  });
  const digest = await digestOf(world);
  // A response_url takes a longer text than chat.update does.
  world.slack.failNext('response_url', { status: 404, error: 'expired_url' }, 9);
  await press(world, digest, '100 営業', 'Done');
  const { text, blocks } = fresh(world, digest);
  const bytes = bytesOf(text);
  return inWords(
    bytes > LIMITS.fallbackBytes && `${bytes} bytes`,
    bytes > LIMITS.fallbackBytes / 2 && 'the text filled up to its limit',
    /… and \d+ more$/.test(digest.text) && !text.includes('\uFFFD') && 'the rest of it counted',
    JSON.stringify(blocks).includes('Marked done in Gong') && 'edited with the outcome',
  );
}

export const SIZE: readonly Story[] = [
  ...SIZE_AT_TOOLS,
  {
    row: 'a digest that Slack finds too large',
    column: 'Slack',
    comes: 'refused, then posted once with fewer rows, the rest counted',
    play: largePost,
  },
  {
    row: 'an edit that Slack finds too large',
    column: 'Slack',
    comes: 'refused, done once, the outcome shown, fewer rows, the rest counted',
    play: largeEdit,
  },
  {
    row: 'names of three bytes a character',
    column: 'Slack',
    comes: 'the text filled up to its limit, the rest of it counted, edited with the outcome',
    play: manyBytes,
  },
];
