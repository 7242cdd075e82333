/**
 * A process of its own for `together.test.ts`: calls a tool as the app does, in the turns that it shares with others on the
 * same database. It says `ready`, and then takes one order a line: `list`, `click ID`, each with how often.
 */
import { createInterface } from 'node:readline';
import { createBudget } from '../../src/core/jobs/budget.ts';
import { createCircuit } from '../../src/core/jobs/circuit.ts';
import type { Account } from '../../src/core/model/people.ts';
import { grantsOf } from '../../src/core/people/grants.ts';
import type { Priority } from '../../src/core/ports/provider.ts';
import { createGong } from '../../src/providers/gong/gong.ts';
import { createOutreach } from '../../src/providers/outreach/outreach.ts';
import { sharedPaces } from '../../src/shared-pace.ts';
import { openDatabase, openSharedNotes } from '../../src/store/database.ts';
import { task } from '../store/fixtures.ts';
import { openMigrated } from '../store/open.ts';

const [url = '', account = '', tool = '', settings = ''] = process.argv.slice(2);
const { db, store, queue } = openMigrated(openDatabase(url));
const notes = openSharedNotes(db, url);
if (!notes) throw new Error('nothing is shared');
const clock = Date.now;
const log = { info() {}, warn() {}, error() {} };
const deps = { clock, circuit: createCircuit(clock), sharePace: sharedPaces(notes), ...JSON.parse(settings) };
const provider =
  tool === 'outreach'
    ? createOutreach({ ...deps, grants: grantsOf({ store, queue, clock, log }, 'outreach') })
    : createGong({ ...deps, budget: createBudget({ store, clock, isShared: true }, 'gong', 10_000) });
const owner: Account = JSON.parse(account);

async function list(priority: Priority): Promise<string> {
  const { tasks } = await provider.listTasks(owner, { priority });
  return `listed ${tasks.length}`;
}

async function click(id: string): Promise<string> {
  await provider.perform(owner, task(id), { verb: 'done' }, { priority: 'click' });
  return `done ${id}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [what = '', which = '', times = '1'] = line.split(' ');
    for (let time = 0; time < Number(times); time += 1) {
      const doing = what === 'click' ? click(which) : list(which as Priority);
      doing.then(say, (error: Error & { kind?: string }) => say(`refused ${error.kind} ${error.message}`));
    }
  })
  .on('close', () => process.exit(0));
// Modules are loaded, and sessions open.
await notes.read('gong');
say('ready');
