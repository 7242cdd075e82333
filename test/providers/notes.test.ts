/** Notes as text with line breaks, whatever an editor made of them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LONGEST_NOTE } from '../../src/core/model/task.ts';
import { noteText } from '../../src/providers/html.ts';
import { noteOf } from '../../src/providers/notes.ts';

// contracts, rule 10
it.for([
  ['one\ntwo\r\nthree', 'one\ntwo\nthree'],
  ['one  \n\n\n\n  two', 'one\n\ntwo'],
  ['<p>one</p><p>two</p>', 'one\n\ntwo'],
  ['<div>one</div><div>two</div>', 'one\ntwo'],
  ['<div>one</div><div><br></div><div>two</div>', 'one\n\ntwo'],
  ['one<br>two<br><br>three', 'one\ntwo\n\nthree'],
  ['<ul><li>one</li><li>two</li></ul>three', 'one\ntwo\nthree'],
  ['<table><tr><td>one</td><td>two</td></tr><tr><td>three</td></tr></table>', 'onetwo\nthree'],
  ['<h2>one</h2><div><span>two</span></div>', 'one\ntwo'],
  ['<style>p { color: red }</style><p>R&amp;D &lt;b&gt;</p>', 'R&D <b>'],
  ['ask <dana@larkspur.example>', 'ask <dana@larkspur.example>'],
  ['<p>&nbsp;</p>', undefined],
  ['…', undefined],
  ['', undefined],
  [null, undefined],
] as const)('the note %j reads %j', ([html, text]) => {
  expect(noteText(html)).toBe(text);
});

it('has its texts with an empty line between them, each once, without what is said already', () => {
  expect(noteOf(['<p>one</p>', null, 'two', 'one', 'said'], (text) => text === 'said')).toBe('one\n\ntwo');
  expect(noteOf(['said', undefined, ''], () => true)).toBeUndefined();
});

it('is never too long, never half a character, and says where it was cut', () => {
  const long = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(long, fc.integer({ min: 1, max: 3_000 }), (text, times) => {
      const note = noteOf([text.repeat(times), `<p>${'😀 a'.repeat(times)}</p>`], () => false) ?? '';
      expect(note.length).toBeLessThanOrEqual(LONGEST_NOTE);
      expect(note.isWellFormed()).toBe(true);
    }),
  );
  expect(noteText('😀'.repeat(1_000))).toBeUndefined();
  expect(noteText(`a${'😀'.repeat(1_001)}`)).toMatch(/^a(?:😀){999}…$/u);
});

it.for([
  ['tags', '<b>'.repeat(200_000)],
  ['line breaks', 'a\n'.repeat(500_000)],
  ['blocks', '<div>a</div>'.repeat(100_000)],
  ['blanks', ` ${' '.repeat(1e6)}\n`.repeat(3)],
  ['entities', '&amp;'.repeat(300_000)],
] as const)('is soon read, although it is made of %s', ([, html]) => {
  const begin = performance.now();
  for (let round = 0; round < 10; round += 1) noteText(html);
  expect(performance.now() - begin).toBeLessThan(1_000);
});
