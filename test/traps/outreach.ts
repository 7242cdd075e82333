/** Outreach. */
import type { Row } from './row.ts';

export const OUTREACH: readonly Row[] = [
  [
    '0.2 #10',
    'a task may be about an account, an opportunity or a prospect',
    'providers/outreach/outreach.test.ts › that is about an account or a deal says so in its subject alone, and is read all the same',
  ],
  [
    '0.2 #11',
    'parameters of actions are actionParams[…] in the query',
    'providers/outreach/verbs.test.ts › is always named, in whole seconds and Z, and goes back as it was',
  ],
  ['0.2 #12', 'payloadVersion is the integer 2', 'providers/outreach/webhooks.test.ts › tells of all changes of tasks'],
  [
    '2.1',
    'every request has the media type, without a body too, or is answered 415',
    'contract/task-provider.ts › a task with one effect: %s',
  ],
  [
    '2.1',
    'the consent page is asked for with code, state and scopes between blanks',
    'providers/outreach/consent.test.ts › is asked for in the documented form',
  ],
  [
    '2.1',
    'redirect_uri also on renewal, form encoded',
    'providers/outreach/tokens.test.ts › is renewed ahead of its end, in the documented form, and the new one is kept',
  ],
  [
    '2.1',
    'each renewal brings a new refresh token, which is stored before use',
    'providers/outreach/tokens.test.ts › is stored before it is used',
  ],
  [
    '2.1',
    'the newest refresh token is the one that is used',
    'providers/outreach/tokens.test.ts › is renewed again and again, each time with the newest refresh token',
  ],
  ['2.1', 'one token a minute, else 429', 'providers/outreach/tokens.test.ts › is not made twice within a minute'],
  [
    '2.1',
    'one renewal at a time in a process',
    'providers/outreach/tokens.test.ts › is renewed once for all who ask at the same time',
  ],
  [
    '2.1',
    'one renewal at a time across processes',
    'providers/outreach/tokens.test.ts › is renewed once for two processes, and the other goes on with the new one',
  ],
  [
    '2.1',
    'a consent ends after 14 idle days, so it is renewed every seven',
    'core/people/grants.test.ts › is renewed after seven days, and not before',
  ],
  [
    '2.1',
    'expires_in and scope are what the answer says',
    'providers/outreach/tokens.test.ts › lives as long and reaches as far as its answer says, and a refresh token that is not replaced is kept',
  ],
  [
    '2.1',
    'expires_in and scope may be left out',
    'providers/outreach/consent.test.ts › that says neither how long nor for what is for two hours, and for all that was asked',
  ],
  [
    '2.1',
    'scopes are not additive: what may not be read is not included',
    'providers/outreach/outreach.test.ts › only for what the rep lets us read',
  ],
  ['2.1', 'each call runs as the rep who consented', 'flow/consent.test.ts › one rep’s sign-in gives another nothing'],
  [
    '2.2',
    'asked by owner id and state, sorted, sized, uncounted',
    'providers/outreach/outreach.test.ts › for the open tasks of one user, with what they are shown with',
  ],
  [
    '2.2',
    'pending tasks are not due yet',
    'providers/outreach/outreach.test.ts › as none when it is %s, for an admin too, who sees everything',
  ],
  ['2.2', 'pages by links.next alone', 'providers/outreach/outreach.test.ts › has every page, once each'],
  [
    '2.2',
    'links that lead in circles end',
    'providers/outreach/outreach.test.ts › is unreadable when its pages go in circles',
  ],
  [
    '2.2',
    'ids are numbers, or texts',
    'providers/outreach/outreach.test.ts › leaves out and counts what is not an open task of the rep',
  ],
  ['2.2', 'dueAt may be null', 'providers/outreach/outreach.test.ts › may have no due date, and no relations'],
  [
    '2.2',
    'there is no title: one is made',
    'providers/outreach/outreach.test.ts › of type %s in step "%s" is called "%s"',
  ],
  ['2.2', 'a note may be HTML', 'providers/outreach/outreach.test.ts › with the note %j is called %j'],
  [
    '2.2',
    'canWrite decides about buttons',
    'providers/outreach/verbs.test.ts › nothing where the rep may not change it',
  ],
  ['2.2', 'canDelete and the scope decide about Dismiss', 'providers/outreach/verbs.test.ts › no dismissal where %s'],
  [
    '2.3',
    'state is read-only: nothing is opened again',
    'providers/outreach/verbs.test.ts › only times to be taken back',
  ],
  [
    '2.3',
    'PATCH names type and id',
    'providers/outreach/verbs.test.ts › of the note goes into the address while it is short, else into the body',
  ],
  [
    '2.3',
    'a new task is about its subject; prospect is read-only',
    'providers/outreach/creating.test.ts › of kind %s is made for the rep, about the person',
  ],
  [
    '2.3',
    'a deletion is answered by 204 without a body',
    'providers/outreach/verbs.test.ts › to be deleted when it is a %s',
  ],
  [
    '2.4',
    'an action takes no body',
    'providers/outreach/verbs.test.ts › asks for nothing more, and the sequence goes on',
  ],
  [
    '2.4',
    'times go as Z: a plus would be a blank',
    'providers/outreach/verbs.test.ts › is always named, in whole seconds and Z, and goes back as it was',
  ],
  [
    '2.4',
    'advance is for the nine types of steps only',
    'providers/outreach/verbs.test.ts › to be skipped when it is a %s, with the sequence going on',
  ],
  [
    '2.4',
    'deleting a step would strand its prospect',
    'providers/outreach/verbs.test.ts › no dismissal when its type is none that we know: it may be a step',
  ],
  [
    '2.4',
    'an ending is one of the two that finish a sequence',
    'providers/outreach/verbs.test.ts › as %s finishes the sequence',
  ],
  [
    '2.4',
    'any other ending would advance, and is refused',
    'providers/outreach/verbs.test.ts › with %s is refused before anything is sent',
  ],
  [
    '2.4',
    'snooze without a time adds a day each time: it always has one',
    'contract/task-provider.ts › a task no further when a lost answer is asked for again: %s',
  ],
  [
    '2.4',
    'long texts have no room in an address',
    'providers/outreach/verbs.test.ts › takes as long a note as an address has room for',
  ],
  [
    '2.4',
    'deliver sends mail: the simulator has every use of it fail',
    'sandbox/outreach/actions.test.ts › deliver sends mail, which is never expected',
  ],
  ['2.5', '400 is a refusal', 'providers/outreach/outreach.test.ts › %i %s is %s, and is asked once'],
  [
    '2.5',
    '401 is answered by one renewal and one repetition',
    'providers/outreach/tokens.test.ts › that is refused is renewed, and the request sent once more',
  ],
  [
    '2.5',
    '403 without a scope or a right is forbidden, and costs no token',
    'providers/outreach/outreach.test.ts › %i %s is %s, and is asked once',
  ],
  [
    '2.5',
    '403 near the end of a token may be about the token',
    'providers/outreach/tokens.test.ts › is suspected of a 403 %s',
  ],
  ['2.5', '404 is gone or invisible', 'contract/provider-failures.ts › with status %i as %s, on every route'],
  [
    '2.5',
    '415 is our fault, and is not repeated',
    'providers/outreach/outreach.test.ts › %i %s is %s, and is asked once',
  ],
  ['2.5', '422 of Done is settled by reading', 'providers/outreach/verbs.test.ts › already is %s'],
  [
    '2.5',
    '429 waits',
    'providers/outreach/outreach.test.ts › for haste stops this rep, and only this one, until the time that is named %s',
  ],
  ['2.5', '503 has an ISO time in Retry-After', 'providers/outreach/outreach.test.ts › for maintenance names a time'],
  [
    '2.5',
    'detail or details: nothing of either is told',
    'providers/outreach/outreach.test.ts › %i %s is %s, and is asked once',
  ],
  [
    '2.5',
    'no idempotency keys: what is final is read after a lost answer',
    'contract/task-provider.ts › nothing that a reading does not show after a lost answer: %s',
  ],
  ['2.6', 'Retry-After is an epoch second, or a number of seconds', 'providers/http.test.ts › reads %s as %s'],
  [
    '2.6',
    'Reset may come without Retry-After, Remaining may be two numbers',
    'providers/outreach/outreach.test.ts › for haste stops this rep, and only this one, until the time that is named %s',
  ],
  [
    '2.6',
    '10,000 calls an hour, for each user',
    'providers/outreach/outreach.test.ts › is not provoked: no rep sends more than 10,000 calls in an hour, and one who has leaves the others theirs',
  ],
  ['2.6', 'no wait is longer than the cap', 'providers/http.test.ts › reads %s as %s'],
  [
    '2.7',
    'a plus is encoded, a comma would be "or"',
    'providers/outreach/outreach.test.ts › are asked for one by one, with a plus as a plus and no comma',
  ],
  [
    '2.7',
    'locked users are not linked',
    'providers/outreach/outreach.test.ts › are compared, locked or not, for a filter may take more than it should',
  ],
  [
    '2.7',
    'after consent the user with the address is looked for',
    'core/people/sign-in.test.ts › is linked to the user with their address, and acts as them from then on',
  ],
  [
    '2.7',
    'GET /api/v2 says whose token it is: another address connects nothing',
    'flow/consent.test.ts › a link that somebody else follows connects nothing, and the rep hears who it was',
  ],
  [
    '2.7',
    'meta.user is documented nowhere: without it the rep is asked before the token is used',
    'flow/consent.test.ts › where Outreach does not say who signed in, the rep is asked, and yes connects it',
  ],
  [
    '2.8',
    'the signature is over the raw body, in lower-case hex',
    'providers/outreach/webhooks.test.ts › is verified by its bytes as they came',
  ],
  [
    '2.8',
    'another secret signs nothing',
    'providers/outreach/webhooks.test.ts › that was signed with another secret is not',
  ],
  [
    '2.8',
    'deliveries have no id: event, task and time tell them apart',
    'providers/outreach/webhooks.test.ts › says what happened to which task, to its last digit, and is known again',
  ],
  [
    '2.8',
    'a delivery that comes twice is one look',
    'flow/hooks.test.ts › the same delivery twice is one look at the task',
  ],
  [
    '2.8',
    'whatever we answer counts as delivered: what is lost is found by reading',
    'flow/hooks.test.ts › what a lost delivery would have told is found within the hour, at every provider',
  ],
  [
    '2.8',
    'a hook that was switched off is noticed',
    "providers/outreach/webhooks.test.ts › is not active when it is nobody's, someone else's, or switched off",
  ],
  [
    '2.9',
    'a prospect has a page; a task has none',
    'providers/outreach/outreach.test.ts › has what its relations say of it',
  ],
  [
    '2.10',
    'filter[state], not filter[status]',
    'providers/outreach/outreach.test.ts › for the open tasks of one user, with what they are shown with',
  ],
  ['5 O1', 'after 422 the state decides', 'providers/outreach/verbs.test.ts › it is not while it is open: %s'],
  ['5 O2', 'advance may leave any state behind', 'providers/outreach/verbs.test.ts › is believed when it shows it: %s'],
  [
    '5 O3',
    'Done of an e-mail step says that nothing is sent',
    'providers/outreach/verbs.test.ts › what follows from being done to be known where mail is expected',
  ],
  [
    '5 O5',
    'fields[task] is left out, or relationships would go',
    'providers/outreach/outreach.test.ts › for the open tasks of one user, with what they are shown with',
  ],
  ['5 O6', 'tasks.delete is needed for deletion only', 'providers/outreach/verbs.test.ts › no dismissal where %s'],
  [
    '5 O7',
    'a refresh token that was used is dead',
    'providers/outreach/tokens.test.ts › that is refused because somebody else was faster gives way to theirs',
  ],
  [
    '5 O9',
    'a due date that was not there cannot be put back',
    'providers/outreach/verbs.test.ts › that was not there cannot be put back',
  ],
];
