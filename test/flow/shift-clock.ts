/** Preloaded into a process by NODE_OPTIONS: its clock is off by CLOCK_OFFSET_MS, so that it can be nine on a Monday. */
const offset = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct(target, args, newTarget) {
    return Reflect.construct(target, args.length === 0 ? [target.now() + offset] : args, newTarget);
  },
  apply: (target) => new target(target.now() + offset).toString(),
  get(target, key) {
    return key === 'now' ? () => target.now() + offset : Reflect.get(target, key);
  },
});
