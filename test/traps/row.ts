/** `test`: its file below `test`, and what it is called there: `providers/gong/gong.test.ts › to change only what changes`. */
export type Row = readonly [section: string, fact: string, test: string];
