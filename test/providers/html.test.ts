import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstLine, plainText } from '../../src/providers/html.ts';
import { bounded, LONGEST_FIELD, oneLine, shortened } from '../../src/providers/text.ts';

it.for([
  // Entities of every kind, also without their semicolon.
  ['Dana&rsquo;s caf&eacute; &#8211; &#x2026;', 'Dana’s café – …'],
  ['a&nbsp;b&nbsp c', 'a b c'],
  ['R&amp;D, R&D, AT&T &hellip; &nosuch;', 'R&D, R&D, AT&T … &nosuch;'],
  ['&lt;b&gt; is text', '<b> is text'],
  ['a &#0; b &#x110000; c', 'a \ufffd b \ufffd c'],
  // What nobody reads.
  ['<style>p.MsoNormal { margin: 0 } a>b { color: red }</style><p>Ring Kim', 'Ring Kim'],
  ['<STYLE type="text/css"><!-- /* Font Definitions */ @font-face {} --></STYLE>Ring Kim', 'Ring Kim'],
  ['<script>if (a < b) alert("</p>")</script>Ring Kim', 'Ring Kim'],
  ['<html><head><title>Notes</title></head><body>Ring Kim</body></html>', 'Ring Kim'],
  ['<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->Ring Kim', 'Ring Kim'],
  ['<xml><w:WordDocument><w:Zoom>0</w:Zoom></w:WordDocument></xml>Ring Kim', 'Ring Kim'],
  ['<![if !supportLists]><span>1. </span><![endif]>Ring Kim', '1. Ring Kim'],
  ['<?xml:namespace prefix = o ns = "urn:x" /><p class=MsoNormal>Ring<o:p>&nbsp;</o:p>Kim', 'Ring Kim'],
  ['<!DOCTYPE html><!-- a > b -->Ring Kim', 'Ring Kim'],
  // The first line with a letter or a digit in it.
  ['---\n* * *\n<hr>• Ring Kim\nlater', '• Ring Kim'],
  ['<p>&nbsp;</p><p>…</p><ul><li>1st</li><li>2nd</li></ul>', '1st'],
  ['<p>Ring<br/>Kim</p>', 'Ring'],
  ['<td>Ring </td><td>Kim</td>', 'Ring Kim'],
  ['<a href="https://x.example/?a>b" title=\'x > y\'>Ring</a> Kim', 'Ring Kim'],
  // What only looks like mark-up.
  ['price < 5k & > 3k', 'price < 5k & > 3k'],
  ['ask <dana@larkspur.example> or <mailto:kim@x.example>', 'ask <dana@larkspur.example> or <mailto:kim@x.example>'],
  ['see <https://larkspur.example/a?b=1>', 'see <https://larkspur.example/a?b=1>'],
  ['I <3 this, I </3 that', 'I <3 this, I </3 that'],
  ['a<b', 'a<b'],
  ['a<b and so on', 'a<b and so on'],
  ['<p>if a<b then call</p><p>else not</p>', 'if a<b then call'],
  ['Dear <First Name>, <Company> says', 'Dear <First Name>, <Company> says'],
  ['put <b in it', 'put <b in it'],
  ['<p', '<p'],
  ['x</b', 'x</b'],
  ['the <title> field', 'the field'],
  ['<>', undefined],
  ['', undefined],
  ['<p>&nbsp;</p>', undefined],
  ['<style>never closed', undefined],
] as const)('a note %j says %j', ([note, line]) => {
  expect(firstLine(note, 120)).toBe(line);
});

it('has a line for each block', () => {
  expect(plainText('one<br>two<p>three</p>four').split(/\n+/)).toEqual(['one', 'two', 'three', 'four']);
});

it('takes what editors write apart, whatever stands in it', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((some) => /[\p{L}\p{N}]/u.test(some));
  fc.assert(
    fc.property(text, (written) => {
      const html = `<div class="a"><p>${escaped(written)}</p><p>second</p></div>`;
      const [line] = written.split(/[\r\n]+/).filter((one) => /[\p{L}\p{N}]/u.test(one));
      expect(firstLine(html, 500)).toBe(oneLine(line, 500));
    }),
  );
});

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

it('never throws, and is never longer than asked for', () => {
  const marks = ['<', '>', '</', '<!--', '-->', '&', ';', '#', '"', "'", '='];
  const piece = fc.constantFrom(...marks, ' ', '\n', 'p', 'style', '😀', '\ud83d', 'a');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
      const line = firstLine(pieces.join(''), 40);
      expect([...(line ?? '')].length).toBeLessThanOrEqual(40);
      expect(line?.isWellFormed() ?? true).toBe(true);
    }),
  );
});

// No clock here: what is beyond the bound is not read, so it cannot cost anything.
it('looks no further than a bound', () => {
  const far = (start: string) => firstLine(`${start}\n<p>Ring Kim`, 120);
  expect(far('<!-- '.padEnd(20_000, 'x').concat('-->'))).toBe('Ring Kim');
  expect(far('<!-- '.padEnd(1_000_000, 'x').concat('-->'))).toBeUndefined();
  expect(far('<br>'.repeat(1_000))).toBe('Ring Kim');
  expect(far('<br>'.repeat(6_000))).toBeUndefined();
  expect(plainText('x'.repeat(1_000_000)).length).toBeLessThan(50_000);
});

it('cuts no character in two and leaves no half of one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, most) => {
      const cut = bounded(text, most);
      expect(cut.isWellFormed()).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(most);
      expect(text.toWellFormed().startsWith(cut)).toBe(true);
      expect([...shortened(text, most)].length).toBeLessThanOrEqual(most);
    }),
  );
  expect(bounded('\ud800x', 5)).toBe('\ufffdx');
  expect(oneLine(`${' '.repeat(2_000)}a  b`, 10)).toBe('a b');
  expect(oneLine('y'.repeat(10 * LONGEST_FIELD), 600)).toHaveLength(LONGEST_FIELD);
});
