/** Gong. */
import type { Row } from './row.ts';

export const GONG: readonly Row[] = [
  [
    '0.2 #4',
    'no priority is sent; the one that comes is overlooked',
    'providers/gong/gong.test.ts › to change only what changes',
  ],
  ['0.2 #5', 'fields that nobody documents are overlooked', 'contract/task-provider.ts › the open tasks of one user'],
  [
    '0.2 #6',
    'only filter is sent, nothing deprecated beside it',
    'providers/gong/gong.test.ts › for open call tasks only, in the documented form',
  ],
  [
    '0.2 #7',
    'OPEN and CALL are all that is asked for',
    'providers/gong/gong.test.ts › for open call tasks only, in the documented form',
  ],
  [
    '0.2 #8',
    'contact may be an object or an array',
    'providers/gong/mapping.test.ts › takes the first contact where there are several',
  ],
  [
    '0.2 #9',
    'the documents’ own example ids were rounded; ours are not',
    'contract/task-provider.ts › ids without losing a digit, and as text',
  ],
  [
    '0.2 #14',
    'integers beyond 2^53 are read losslessly',
    'providers/lossless.test.ts › keeps every digit of every long integer and leaves the rest as it is',
  ],
  [
    '1.1',
    'the credential reaches every rep’s tasks, so only the link says whose',
    'flow/forged.test.ts › forged values are refused, nothing changes, and the app goes on',
  ],
  [
    '1.1',
    'a button of someone else’s is refused',
    "flow/forged.test.ts › someone who presses another rep's button is refused, learns nothing, and changes nothing",
  ],
  [
    '1.1',
    'the company may have a base address of its own',
    'providers/gong/gong.test.ts › makes %s under its own id from its variables',
  ],
  ['1.2', 'ids are texts in requests and numbers in answers', 'contract/task-provider.ts › the open tasks of one user'],
  [
    '1.2',
    'the list has no order, so it is sorted here',
    'core/digests/rank.test.ts › is by due time, then by the larger deal, then by provider and id; without a due time last',
  ],
  [
    '1.2',
    'only calls can be seen, and Docket says so',
    'providers/gong/gong.test.ts › nothing but what is promised: call tasks, with verbs that can be taken back and repeated',
  ],
  ['1.2', 'a task of a flow has no title: one is made', 'providers/gong/mapping.test.ts › %j reads %s'],
  [
    '1.2',
    'every field may be missing',
    'providers/gong/mapping.test.ts › is left out where it is empty or not as documented',
  ],
  [
    '1.2',
    'an element that is someone else’s or not open is counted, not shown',
    'providers/gong/mapping.test.ts › counts what it cannot show',
  ],
  ['1.3', 'userId is required; only what changes is sent', 'providers/gong/gong.test.ts › to change only what changes'],
  [
    '1.3',
    'the changed task comes in an array, and must show the change',
    'providers/gong/gong.test.ts › that shows %s is no success',
  ],
  ['1.3', 'a due date has an offset or Z', 'providers/gong/gong.test.ts › that shows the due date %s: %s'],
  ['1.3', 'OPEN may be set: Undo is real', 'contract/task-provider.ts › %s, so that the task is as before'],
  [
    '1.3',
    'no endpoint reads one task: it is looked for in the list',
    'contract/task-provider.ts › a task by its id only while it is open and its owner asks',
  ],
  ['1.3', 'ids in a path are digits and nothing else', 'providers/gong/gong.test.ts › nothing that makes no sense'],
  [
    '1.4',
    'two ids that differ in the last digit are two tasks',
    'contract/task-provider.ts › ids without losing a digit, and as text',
  ],
  ['1.5', '400 is a refusal of the change', 'contract/provider-failures.ts › with status %i as %s, on every route'],
  [
    '1.5',
    '401 is about our credentials, although it is not listed',
    'contract/provider-failures.ts › with status %i as %s, on every route',
  ],
  ['1.5', '403 is forbidden', 'contract/provider-failures.ts › with status %i as %s, on every route'],
  [
    '1.5',
    '404 of a change is a task that is gone',
    'contract/provider-failures.ts › with status %i as %s, on every route',
  ],
  [
    '1.5',
    '404 of a list is a failure, never an empty list',
    'contract/provider-failures.ts › with status %i as %s, on every route',
  ],
  [
    '1.5',
    '429 waits for the seconds of Retry-After',
    'contract/provider-failures.ts › with Retry-After in milliseconds',
  ],
  ['1.5', '500 is tried again', 'contract/provider-failures.ts › with status %i as %s, on every route'],
  [
    '1.5',
    'every answer has a requestId, refusals too',
    'providers/gong/gong.test.ts › names its requestId in a refusal',
  ],
  [
    '1.5',
    'each refusal is told in one clear sentence',
    'flow/failures.test.ts › Gong answers %i: one clear sentence, and nothing is tried again',
  ],
  [
    '1.5',
    'absolute values may be sent twice',
    'contract/task-provider.ts › a task no further when a lost answer is asked for again: %s',
  ],
  [
    '1.6',
    '3 calls a second for the whole company',
    'providers/gong/gong.test.ts › no more than 3 calls in any second, clicks ahead of people ahead of digests',
  ],
  ['1.6', '429 stops everybody until its time', 'providers/gong/gong.test.ts › nobody until Retry-After has passed'],
  [
    '1.6',
    '429 may not say how long',
    'providers/gong/gong.test.ts › nobody for a moment when a refusal does not say how long',
  ],
  [
    '1.6',
    'quick clicks share their readings',
    'providers/gong/gong.test.ts › share a reading that still waits for its turn, and never one that has begun',
  ],
  ['1.7', 'the directory is paged by a cursor that must be encoded', 'providers/gong/users.test.ts › reads every page'],
  [
    '1.7',
    'pages that lead back to themselves end',
    'providers/gong/users.test.ts › takes pages that lead back to themselves for unreadable',
  ],
  [
    '1.7',
    'aliases and trusted addresses count, in any case',
    'providers/gong/users.test.ts › finds people by every address that Gong knows for them',
  ],
  [
    '1.7',
    'who is not active is not linked',
    'contract/task-provider.ts › all who share an address, and says who of them has left',
  ],
  [
    '1.7',
    'kept for a day, read again on a miss within reason',
    'providers/gong/users.test.ts › reads a large directory for a stranger no more often than it can afford',
  ],
  [
    '1.8',
    'there are no webhooks: what changed is found by reading',
    'core/digests/reconcile.test.ts › finds what was closed and what was moved, and shows that without anyone waiting',
  ],
  [
    '1.8',
    'links are those of the CRM in the payload, if they lead to the web',
    'providers/gong/mapping.test.ts › links nowhere with %s',
  ],
  [
    '5 G2',
    'a task that cannot be opened again: the row says so',
    'flow/failures.test.ts › Undo that fails: the row stays settled, says that it was not undone, and Undo works later',
  ],
  [
    '5 G3',
    'no due date in the past',
    'flow/modal.test.ts › %s is refused inside the window, next to its field, and the window stays',
  ],
  [
    '5 G3',
    'only an open task is moved',
    'flow/clicks.test.ts › a task that was closed elsewhere: the row says so, and nothing is sent',
  ],
  [
    '5 G4',
    'someone else’s task is left alone',
    'flow/clicks.test.ts › a task that was given to someone else: the row says so, and nothing is sent',
  ],
  [
    '5 G5',
    'the list has no end: what is shown is capped, and the rest counted',
    'core/digests/listing.test.ts › counts all that match, shows what fits, and says how many are left',
  ],
  ['5 G7', 'no workspace is named', 'providers/gong/gong.test.ts › for open call tasks only, in the documented form'],
];
