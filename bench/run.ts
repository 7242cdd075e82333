/**
 * `npm run bench`: the acknowledgement of a click. `npm run bench -- triage`: working through a list, and acting on many.
 * `npm run bench -- ask`: reading a typed line; `lists`: the first page of a list.
 */
const which = process.argv[2] ?? 'ack';

switch (which) {
  case 'ack':
    await import('./ack.ts');
    break;
  case 'triage':
    await import('./triage.ts');
    break;
  case 'lists':
    await import('./lists.ts');
    break;
  case 'ask':
    await import('./ask.ts');
    break;
  default:
    console.error(`No benchmark “${which}”: there are ack, triage, ask and lists.`);
    process.exit(1);
}
