/** The circuits of several processes, which tell each other what they found. */
import { expect, test } from 'vitest';
import { createCircuit } from '../../../src/core/jobs/circuit.ts';

function createTown(processes: number) {
  let now = 0;
  const circuits: ReturnType<typeof createCircuit>[] = [];
  for (let own = 0; own < processes; own += 1) {
    const tell = (word: Parameters<(typeof circuits)[0]['hear']>[0]) => {
      for (const [index, circuit] of circuits.entries()) if (index !== own) circuit.hear(word);
    };
    circuits.push(createCircuit(() => now, undefined, { tell, random: () => own / processes }));
  }
  const isAway = new Set<number>();
  /** Background calls of one process; returns how many were sent. */
  async function call(index: number, times = 1): Promise<number> {
    let sent = 0;
    for (let time = 0; time < times; time += 1) {
      const entry = await circuits[index]?.enter();
      if (!entry || 'waitMs' in entry) continue;
      sent += 1;
      entry.report(isAway.has(index) ? 'away' : 'answered');
    }
    return sent;
  }
  const pass = (ms: number) => {
    now += ms;
  };
  return { circuits, isAway, call, pass };
}

test('a provider that one process found away costs each other one call, and not five', async () => {
  const { isAway, call } = createTown(4);
  for (const index of [0, 1, 2, 3]) isAway.add(index);
  expect(await call(0, 20)).toBe(5);
  for (const index of [1, 2, 3]) expect(await call(index, 20)).toBe(1);
});

test('while it is away, all together probe about as often as one would', async () => {
  const { isAway, call, pass } = createTown(4);
  for (const index of [0, 1, 2, 3]) isAway.add(index);
  for (const index of [0, 1, 2, 3]) await call(index, 5);
  pass(120_000);
  for (const index of [0, 1, 2, 3]) await call(index);
  let probes = 0;
  for (let second = 0; second < 300; second += 1) {
    pass(1_000);
    for (const index of [0, 1, 2, 3]) probes += await call(index);
  }
  // One alone makes ten to fifteen of them in five minutes.
  expect(probes).toBeLessThan(30);
  expect(probes).toBeGreaterThan(8);
});

test('once one has an answer, the others ask at once', async () => {
  const { circuits, isAway, call, pass } = createTown(2);
  for (const index of [0, 1]) isAway.add(index);
  for (const index of [0, 1]) await call(index, 5);
  for (let time = 0; time < 100; time += 1) {
    pass(1_000);
    await call(time % 2);
  }
  isAway.clear();
  pass(40_000);
  await call(0);
  expect(circuits[1]?.outage()).toBeDefined();
  expect(await call(1)).toBe(1);
  expect(circuits[1]?.outage()).toBeUndefined();
});

test('a process that is cut off itself closes nobody else’s circuit', async () => {
  const { circuits, isAway, call, pass } = createTown(3);
  isAway.add(0);
  for (let time = 0; time < 60; time += 1) {
    pass(1_000);
    await call(0, 3);
    expect(await call(1, 3)).toBe(3);
  }
  expect(circuits[0]?.outage()).toBeDefined();
});
