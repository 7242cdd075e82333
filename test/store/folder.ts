/** A folder of its own for each test of a file. */
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { temporaryFolder } from './open.ts';

/** Gives the path of what stands in it by that name. */
export function folderForEach(): (...names: string[]) => string {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());
  return (...names) => join(folder.path, ...names);
}
