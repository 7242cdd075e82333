/** `npm run move -- --from file:data/docket.db --to postgres://…`: takes everything to another engine. Acts on import. */

import type { Copied } from './move/copy.ts';
import { move } from './move/move.ts';
import { readWish } from './move/places.ts';
import { HEAD, lineOf, summaryOf } from './move/words.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);

try {
  const wish = readWish(process.argv.slice(2));
  const copied: Copied[] = [];
  say(HEAD);
  await move(wish, (table) => {
    copied.push(table);
    say(lineOf(table));
  });
  say(`\n${summaryOf(wish, copied)}`);
} catch (error) {
  process.stderr.write(`Nothing was moved. ${error instanceof Error ? error.message : 'Something failed.'}\n`);
  process.exitCode = 1;
}
