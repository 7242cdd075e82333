/** Every line that the source writes to the log: its message, its levels, and the names of its fields. */
import { parseSync } from 'vite';
import { sourceFiles } from '../source-files.ts';

interface LogLine {
  path: string;
  message: string;
  levels: string[];
  fields: string[];
}

const LEVELS = ['info', 'warn', 'error', 'fatal'];

interface Node {
  type: string;
  [field: string]: unknown;
}

/** What stands in the place of fields, by file: the fields that it stands for. */
const SPREADS: Record<string, readonly string[]> = {
  'src/core/jobs/run.ts about(job)': ['job', 'kind', 'action', 'provider', 'rep'],
  'src/core/jobs/run.ts fields': ['err', 'job', 'kind', 'action', 'provider', 'rep', 'attempt', 'until', 'times'],
  'src/core/people/sync.ts report': ['linked', 'removed', 'held'],
  'src/core/people/install-tokens.ts about': ['err', 'team', 'leftMs'],
  'src/core/people/directory-sync.ts about': ['provider', 'team', 'links'],
  'src/core/people/reps.ts about': ['rep', 'zone', 'used'],
  'src/core/clicks/noted.ts said': ['attempts', 'reference', 'failure'],
};

/** What libraries say, and what writes other files' lines. */
const OTHERS = ['src/slack/transport/loggers.ts', 'src/core/model/log-limit.ts', 'src/workspace.ts'];

function logLines(): LogLine[] {
  const files = sourceFiles('src').filter(({ path }) => !OTHERS.includes(path));
  return files.flatMap(({ path, text }) => {
    const lines: LogLine[] = [];
    const textOf = (node: Node) => text.slice(Number(node.start), Number(node.end));
    visit({ ...parseSync(path, text).program }, (node) => {
      if (node.type !== 'CallExpression' || !isNode(node.callee)) return;
      const [fields, message] = Array.isArray(node.arguments) ? node.arguments.filter(isNode) : [];
      if (!fields || !message) return;
      const said = { path, message: messageOf(message, textOf) };
      if (textOf(node.callee) === 'replies.logError')
        lines.push({ ...said, levels: ['warn'], fields: ['err', 'reference'] });
      const levels = levelsOf(node.callee, textOf);
      // In a function that is told the message, which its callers' lines have.
      if (levels.length === 0 || said.message === '(what)') return;
      lines.push({ ...said, levels, fields: fieldsOf(fields, (name) => SPREADS[`${path} ${name}`], textOf) });
    });
    return lines;
  });
}

/** `log.warn`, `deps.log.warn`, `this.#log.warn`, `log[isOurs ? 'error' : 'warn']`. */
function levelsOf(callee: Node, textOf: (node: Node) => string): string[] {
  if (callee.type !== 'MemberExpression' || !isNode(callee.object) || !isNode(callee.property)) return [];
  if (!/(^|[.#])log$/.test(textOf(callee.object))) return [];
  const named = callee.computed === true ? (textOf(callee.property).match(/'\w+'/g) ?? []) : [textOf(callee.property)];
  return named.map((name) => name.replaceAll("'", '')).filter((name) => LEVELS.includes(name));
}

function messageOf(node: Node, textOf: (node: Node) => string): string {
  if (typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral') return `(${textOf(node)})`;
  return textOf(node)
    .slice(1, -1)
    .replace(/\$\{[^}]*\}/g, '…');
}

type Spread = (name: string) => readonly string[] | undefined;

function fieldsOf(node: Node, spread: Spread, textOf: (node: Node) => string): string[] {
  const known = (name: string) => [...(spread(name) ?? [`unknown: ${name}`])];
  if (node.type !== 'ObjectExpression') return known(textOf(node));
  const properties = Array.isArray(node.properties) ? node.properties.filter(isNode) : [];
  return properties.flatMap((property) => {
    if (property.type !== 'SpreadElement') return isNode(property.key) ? [textOf(property.key)] : [];
    const written = isNode(property.argument) ? textOf(property.argument) : '';
    // `...(refusal && { refusal })`
    const [, conditional] = /^\(\w+ && \{ (\w+) \}\)$/.exec(written) ?? [];
    return conditional ? [conditional] : known(written);
  });
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, see);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The rows of the table in `docs/running.md`, in no order. */
export function logTable(): string[] {
  const messages = Map.groupBy(logLines(), ({ message }) => message);
  return [...messages].map(([message, lines]) => {
    const distinct = (of: (line: LogLine) => string[]) => [...new Set(lines.flatMap(of))];
    const fields = distinct((line) => line.fields).map((name) => `\`${name}\``);
    return `| ${message} | ${distinct((line) => line.levels).join(', ')} | ${fields.join(' ')} |`;
  });
}
