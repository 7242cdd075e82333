/** Reply.io. */
import type { Row } from './row.ts';

export const REPLY: readonly Row[] = [
  [
    '0.2 #1',
    'the key goes in either header, and which is found out once',
    'providers/reply/dialect.test.ts › is found out once and remembered: %s',
  ],
  [
    '0.2 #1',
    'X-API-Key and integers come first',
    'providers/reply/dialect.test.ts › is at first that of the oldest documents',
  ],
  ['0.2 #2', 'enums are read in both forms', 'providers/reply/reply.test.ts › %s in a list'],
  [
    '0.2 #2',
    'PUT sends the form that GET gave',
    'providers/reply/moving.test.ts › goes back with exactly what may be sent, as it came: %s',
  ],
  [
    '0.2 #2',
    'the filter is asked in the other form when it is refused',
    'providers/reply/dialect.test.ts › is found out once and remembered: %s',
  ],
  [
    '0.2 #3',
    'an account without the task API is said to be so',
    'providers/reply/pages.test.ts › and says so when this account has no task API',
  ],
  ['0.2 #13', 'a deletion is never taken back', 'providers/reply/reply.test.ts › to take back what cannot be'],
  ['0.2 #15', 'there is no archive call: Dismiss deletes', 'providers/reply/reply.test.ts › deletes the task'],
  [
    '3.2',
    'no task call without the name of the rep, or it would act as the owner',
    'providers/reply/pages.test.ts › never without the name of the rep',
  ],
  [
    '3.2',
    'a key that is no Master key finds nobody',
    'providers/reply/users.test.ts › nobody is found with a key that acts as its owner, whoever is named',
  ],
  [
    '3.2',
    'complete and write are scopes of their own: 403 is told',
    'contract/provider-failures.ts › with status %i as %s, on every route',
  ],
  [
    '3.3',
    'asked by status and assignee, up to a thousand at once',
    'providers/reply/pages.test.ts › as the rep, for what is new and theirs, in one page of a thousand',
  ],
  [
    '3.3',
    'the window ends a year from now unless it is named',
    'providers/reply/pages.test.ts › and shows tasks that start years from now',
  ],
  [
    '3.3',
    'a role may see teammates’ tasks: they are left out',
    "providers/reply/pages.test.ts › is a rep's own, also for one who may see the tasks of teammates",
  ],
  [
    '3.3',
    'skipping shifts when tasks close: pages overlap',
    'providers/reply/pages.test.ts › is read again when a task closes between two pages, so that none slips through',
  ],
  [
    '3.3',
    'a list that says that there is more without end fails',
    'providers/reply/pages.test.ts › is not read for ever by a server that does not page',
  ],
  ['3.3', 'each task once', 'providers/reply/pages.test.ts › is read to its end, each task once'],
  [
    '3.3',
    'the list has no content: details are read for what is shown',
    'providers/reply/reply.test.ts › are read for each task, and leave the rest of it',
  ],
  [
    '3.3',
    'a single read names the contact by id only',
    'providers/reply/reply.test.ts › has the name of its contact from the last list, for it brings only an id',
  ],
  [
    '3.3',
    'values that nobody assigned are tolerated',
    'providers/reply/moving.test.ts › of a type that nobody documents goes back with that type: %s',
  ],
  [
    '3.4',
    'PUT replaces everything: exactly the writable fields',
    'providers/reply/moving.test.ts › goes back with exactly what may be sent, as it came: %s',
  ],
  [
    '3.4',
    'read right before, the raw template, never the content',
    'providers/reply/moving.test.ts › is read right before, raw, and for nothing else',
  ],
  ['3.4', 'only a new task is written', 'providers/reply/moving.test.ts › when it is %s'],
  [
    '3.4',
    'start moves with due time',
    'providers/reply/moving.test.ts › keeps the time from its start to its end over a change of the clocks, and what is finer than a millisecond',
  ],
  [
    '3.4',
    'moving a scheduled task moves its sending, and says so',
    'providers/reply/reply.test.ts › says that a task which runs by itself moves with its start',
  ],
  ['3.4', 'no contact stays no contact', 'providers/reply/moving.test.ts › stays without a contact'],
  [
    '3.4',
    'the LinkedIn action goes with LinkedIn tasks only',
    'providers/reply/moving.test.ts › sends a LinkedIn action for LinkedIn tasks only',
  ],
  [
    '3.4',
    'complete needs a body, and sends nothing to anyone',
    'providers/reply/reply.test.ts › completes the task and sends nothing to anyone',
  ],
  [
    '3.4',
    'execute sends: no id and no verb leads there',
    'providers/reply/reply.test.ts › completes the task and sends nothing to anyone',
  ],
  [
    '3.4',
    'the result of a call is an integer everywhere',
    'providers/reply/dialect.test.ts › is sent as the integer that all documents give',
  ],
  ['3.4', 'a deletion is answered by 204 without a body', 'providers/reply/reply.test.ts › deletes the task'],
  [
    '3.4',
    'nothing reopens: Done and Dismiss are held back',
    'providers/reply/reply.test.ts › can be undone for times only, and repeated for times only',
  ],
  [
    '3.5',
    '400 task.unknown is a refusal: only its text tells why',
    'providers/reply/moving.test.ts › when Reply refuses it: %s',
  ],
  ['3.5', '400 of validation is a refusal', 'contract/provider-failures.ts › with status %i as %s, on every route'],
  [
    '3.5',
    '401 has an empty body or a problem: both are about the key',
    'providers/reply/dialect.test.ts › of the key in both headers is about the key, and changes nothing: %j',
  ],
  [
    '3.5',
    '401 USER_NOT_FOUND is about the acting user',
    'providers/reply/dialect.test.ts › of an acting user who is not there is not about the key: %s',
  ],
  ['3.5', '403 is forbidden', 'contract/provider-failures.ts › with status %i as %s, on every route'],
  ['3.5', '404 of a task is gone or not permitted', 'providers/reply/reply.test.ts › is none when it is not new'],
  ['3.5', '404 after a deletion is success', 'providers/reply/reply.test.ts › of a task that is gone has happened: %s'],
  [
    '3.5',
    '409 of complete is settled by reading',
    'providers/reply/reply.test.ts › has happened when the task is no longer new',
  ],
  [
    '3.5',
    '409 of a task that is still new is a failure',
    'providers/reply/reply.test.ts › has not happened when the task cannot be completed and is still new, or is gone',
  ],
  [
    '3.6',
    '100 calls a minute, with room for clicks',
    'providers/reply/reply.test.ts › no more calls in a minute than it allows, with room for clicks however many others wait',
  ],
  [
    '3.6',
    '3,000 calls an hour',
    'providers/reply/reply.test.ts › no more calls in an hour than it allows, however evenly they come',
  ],
  ['3.6', '429 stops everybody until its time', 'providers/reply/reply.test.ts › nobody until Retry-After has passed'],
  [
    '3.6',
    '429 may not say how long',
    'providers/reply/reply.test.ts › nobody for seconds when a refusal does not say how long',
  ],
  [
    '3.6',
    'details cost calls: they are rationed',
    'providers/reply/reply.test.ts › no more than forty details in a minute: lists go ahead of decoration',
  ],
  [
    '3.7',
    'the list of everyone, in any case, once for each person',
    'providers/reply/users.test.ts › once, however many teams they are in',
  ],
  [
    '3.7',
    'where it is refused each address is asked for',
    'providers/reply/users.test.ts › each address is asked for itself: %s',
  ],
  ['3.7', 'where it does not exist as well', 'providers/reply/users.test.ts › nor the list exists'],
  [
    '3.8',
    'there are no webhooks about tasks: what changed is found by reading',
    'flow/hooks.test.ts › what a lost delivery would have told is found within the hour, at every provider',
  ],
  [
    '3.10',
    'unknown keys are dropped in silence: each PUT is compared',
    'providers/reply/moving.test.ts › %s is no success',
  ],
  ['3.10', 'requests have a User-Agent', 'providers/http.test.ts › sends what it was given, once, with a user agent'],
  [
    '5 R1',
    'a vendor who moves the account is followed',
    'providers/reply/dialect.test.ts › is found out anew when the vendor moves the account',
  ],
  [
    '5 R2',
    'what becomes of a sequence is not known, and that is said',
    'providers/reply/reply.test.ts › says what is not known of a sequence',
  ],
  [
    '5 R3',
    'what GET gave is always sent back',
    'providers/reply/moving.test.ts › goes back with exactly what may be sent, as it came: %s',
  ],
  [
    '5 R4',
    'an empty text goes back empty, and a refusal is told',
    'providers/reply/moving.test.ts › when Reply refuses it: %s',
  ],
  ['5 R5', 'overdue is reckoned here', "core/digests/rank.test.ts › is by the rep's own day"],
  [
    '5 R6',
    'all calls of one key count together',
    'providers/reply/reply.test.ts › no more calls in a minute than it allows, with room for clicks however many others wait',
  ],
  [
    '5 R7',
    'error bodies of the first era are read too',
    'providers/reply/dialect.test.ts › of an acting user who is not there is not about the key: %s',
  ],
  [
    '5 R9',
    'a time without an offset is UTC',
    'providers/reply/pages.test.ts › reads dates without an offset as UTC: %s',
  ],
];
