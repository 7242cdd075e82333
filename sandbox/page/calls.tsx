import { usePerson } from './person.ts';
import type { PanelCall, PanelState } from './protocol.ts';
import { secondsText } from './time.ts';

/** Words for the statuses that this page meets. */
const STATUS: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  204: 'No content',
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  429: 'Too many requests',
  500: 'Server error',
  503: 'Unavailable',
};

export function Calls({ panel }: { panel: PanelState }) {
  const { calls, callCount, name } = panel;
  return (
    <>
      <h3 className="calls-head">
        Calls that {name} received <span>{callsText(calls.length, callCount)}</span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <ol className="calls" aria-label={`Calls that ${name} received, newest first`} tabIndex={0}>
        {calls.length === 0 && <li className="empty">None yet.</li>}
        {calls.map((call) => (
          <CallRow key={call.id} call={call} />
        ))}
      </ol>
    </>
  );
}

function callsText(shown: number, all: number): string {
  if (all > shown) return `newest ${shown} of ${all.toLocaleString('en-US')}`;
  return all === 1 ? '1 call' : `${all} calls`;
}

function CallRow({ call }: { call: PanelCall }) {
  const { zone } = usePerson();
  const isGood = call.status >= 200 && call.status < 300;
  return (
    <li className={call.isChange ? 'call is-change' : 'call'}>
      <p>
        <span className="method">{call.method}</span> <span className="path">{call.path}</span>
      </p>
      <p className="call-detail">
        <time>{secondsText(call.at, zone)}</time>{' '}
        <span className={isGood ? 'answer' : 'answer is-bad'}>
          {isGood ? '✓' : '✕'} {answerText(call)}
        </span>
      </p>
      {call.fields.length > 0 && <p className="fields">{call.fields.join('  ·  ')}</p>}
    </li>
  );
}

function answerText({ status, isFault }: PanelCall): string {
  if (status === 0) return 'no answer';
  return `${status} ${STATUS[status] ?? ''}${isFault ? ' (down)' : ''}`.trim();
}
