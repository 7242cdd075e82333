/** What holds for all three. */
import type { Row } from './row.ts';

export const COMMON: readonly Row[] = [
  [
    '4.1',
    'ids are texts, kept apart by provider and workspace',
    "flow/forged.test.ts › the same person's id from another workspace is another person",
  ],
  [
    '4.2',
    'times are instants, shown in the rep’s zone',
    'blocks/text.test.ts › days are calendar days of the reader, also where the clock changes',
  ],
  [
    '4.3',
    'the answer to a change is believed only when it shows it: Gong',
    'providers/gong/gong.test.ts › that shows %s is no success',
  ],
  ['4.3', 'the same: Outreach', 'providers/outreach/verbs.test.ts › is not when it shows another %s: %j'],
  ['4.3', 'the same: Reply.io', 'providers/reply/reply.test.ts › is not believed from an answer that shows %s'],
  [
    '4.4',
    'only absolute values are sent again without looking',
    'core/clicks/perform.test.ts › is asked for again, where doing it twice is doing it once',
  ],
  [
    '4.4',
    'all else is read first',
    'core/clicks/perform.test.ts › of what happens twice when sent twice: the provider is read, and nothing is sent again',
  ],
  ['4.4', 'a broken connection is no answer', 'contract/provider-failures.ts › with a %s as unavailable'],
  [
    '4.4',
    '404 after a deletion is success: Outreach',
    'providers/outreach/verbs.test.ts › was deleted by someone else: deleted all the same',
  ],
  [
    '4.5',
    'double clicks have one effect',
    'flow/clicks.test.ts › two presses at once have one effect, and the rep hears no complaint',
  ],
  [
    '4.6',
    'what cannot be undone is held back, over a restart too',
    'core/clicks/record.test.ts › survives a restart in between: neither lost nor sent twice',
  ],
  [
    '4.7',
    'most urgent first, and never more than the limit',
    'providers/pace.test.ts › lets no window see more than its calls, however the calls come',
  ],
  [
    '4.8',
    'a next page elsewhere gets no token',
    'providers/outreach/outreach.test.ts › is unreadable when its next page is on %s',
  ],
  [
    '4.8',
    'a redirect gets no credential',
    'providers/http.test.ts › does not carry a credential to where a redirect points',
  ],
  [
    '4.9',
    'no credential, address or answer is in an error',
    'contract/provider-failures.ts › with status %i as %s, on every route',
  ],
  [
    '4.9',
    'a note in an address is in no error',
    'providers/outreach/verbs.test.ts › with a note fails without telling it',
  ],
  [
    '4.9',
    'the log holds no secret',
    'flow/process.test.ts › the process sends the digest at nine, and its log holds no secret',
  ],
  [
    '4.10',
    'texts from outside cannot become mentions or links',
    'blocks/text.test.ts › no text can become a mention or a link, whatever state its row is in',
  ],
  [
    '4.10',
    'HTML is shown as its text: Outreach',
    'providers/outreach/outreach.test.ts › with the note %j is called %j',
  ],
  ['4.10', 'HTML is shown as its text: Reply.io', 'providers/reply/reply.test.ts › %s when it was read'],
];
