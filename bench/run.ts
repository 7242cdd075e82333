/** `npm run bench`: the acknowledgement of a click. `npm run bench -- triage`: working through a list, and acting on many; `lists`: the first page. */
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
  default:
    console.error(`No benchmark “${which}”: there are ack, lists and triage.`);
    process.exit(1);
}
