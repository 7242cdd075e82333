/**
 * Preloaded into a process: its time is `LAPSE_FROM` at its start, and passes `LAPSE_FACTOR` times as fast, with every pause that it makes.
 * So a long morning takes minutes. Processor time is as it is, which makes it the harder. It imports node's own modules
 * only, because it is loaded as text.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';

const from = Number(process.env.LAPSE_FROM);
const factor = Number(process.env.LAPSE_FACTOR ?? 1);
const RealDate = Date;
const begun = RealDate.now();
const realNow = performance.now.bind(performance);
const now = () => Math.floor(from + (RealDate.now() - begun) * factor);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: (target) => new target(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
Object.defineProperty(performance, 'now', { value: () => realNow() * factor });

const require = createRequire(process.execPath);
const timers = require('node:timers');
const promises = require('node:timers/promises');
for (const place of [globalThis, timers]) {
  const { setTimeout: pause, setInterval: repeat } = place;
  place.setTimeout = Object.assign((work: never, ms = 0, ...rest: never[]) => pause(work, ms / factor, ...rest), pause);
  place.setInterval = Object.assign(
    (work: never, ms = 0, ...rest: never[]) => repeat(work, ms / factor, ...rest),
    repeat,
  );
}
const { setTimeout: sleep } = promises;
promises.setTimeout = (ms = 0, ...rest: never[]) => sleep(ms / factor, ...rest);
syncBuiltinESMExports();
