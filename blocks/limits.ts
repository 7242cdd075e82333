/**
 * Slack's limits. The figures are from its documentation (Block Kit reference) unless a comment says otherwise. Lengths are
 * in UTF-16 units, as JavaScript's `length`. The sandbox enforces this same table.
 */
export const LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  /**
   * Undocumented: Slack answers `msg_blocks_too_long` beyond 12,000 characters of text "with a buffer for block containers"
   * (slackapi/bolt-js#2867, slack.md 3). Counted by `weightOf`.
   */
  messageWeight: 12_000,
  /** The cost of a block besides its text, measured on a divider in the same thread. */
  blockWeight: 125,
  viewBytes: 250_000,
  messageText: 40_000,
  /** UTF-8 bytes. `chat.update` answers `msg_too_long` to more; measured, not documented (slack.md 3). */
  updateTextBytes: 4_000,
  /** UTF-8 bytes: our own limit for the text of notifications and screen readers. */
  fallbackBytes: 3_800,
  sectionText: 3_000,
  headerText: 150,
  contextElements: 10,
  actionsElements: 25,
  tableRows: 100,
  tableColumns: 20,
  /** All cells together (slack.md 3.6). */
  tableText: 10_000,
  buttonText: 75,
  buttonValue: 2_000,
  accessibilityLabel: 75,
  url: 3_000,
  actionId: 255,
  blockId: 255,
  optionText: 75,
  optionValue: 150,
  selectOptions: 100,
  overflowOptions: 5,
  checkboxOptions: 10,
  placeholderText: 150,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  inputLabel: 2_000,
  inputHint: 2_000,
  inputText: 3_000,
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3_000,
  callbackId: 255,
} as const;

/** The size that a message may have. Slack's rule is undocumented, so Slack may take less (`src/slack/screen/fit.ts`). */
export interface Room {
  /** As `weightOf` counts. */
  weight: number;
  textBytes: number;
}

export const FULL_ROOM: Room = { weight: LIMITS.messageWeight, textBytes: LIMITS.fallbackBytes };

/**
 * Compared with `LIMITS.messageWeight`: all text of the blocks, that of buttons and menus included, and a share for each
 * block. Slack is said to count rendered text. We count URLs as well, because too much is safer than too little.
 */
export function weightOf(blocks: readonly unknown[]): number {
  return blocks.length * LIMITS.blockWeight + textIn(blocks);
}

function textIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((length, part) => length + textIn(part), 0);
  let length = 'text' in value && typeof value.text === 'string' ? escapedLength(value.text) : 0;
  // A text has no text in it, so what was counted is not counted twice.
  for (const part of Object.values(value)) if (typeof part === 'object') length += textIn(part);
  return length;
}

/** Slack stores `&`, `<` and `>` escaped; escapes that are there already stay. */
function escapedLength(text: string): number {
  if (!/[&<>]/.test(text)) return text.length;
  return text.replace(/&(?!(?:amp|lt|gt);)/g, '&amp;').replace(/[<>]/g, '&lt;').length;
}

export function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
