/**
 * Slack's limits, once. Figures are Slack's documentation's (Block Kit reference) unless a comment says otherwise;
 * lengths are in UTF-16 units, as JavaScript's `length`. The sandbox enforces this same table.
 */
export const LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  /**
   * Undocumented: Slack answers `msg_blocks_too_long` at about 13,200 characters of serialised blocks
   * (slackapi/bolt-js#2509). We stay within 12,000.
   */
  messageBlocksCharacters: 12_000,
  /** Where the sandbox refuses, as observed in the same thread. */
  messageBlocksCharactersRefused: 13_172,
  viewBytes: 250_000,
  messageText: 40_000,
  /** What we allow ourselves for the text that notifications and screen readers use. */
  fallbackText: 3_000,
  sectionText: 3_000,
  sectionFields: 10,
  sectionFieldText: 2_000,
  headerText: 150,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
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
