/** The page on which a demo user says yes or no. No scripts, nothing from elsewhere. */
import type { Answer } from './answer.ts';
import { scopeInWords } from './scopes.ts';
import type { OutreachUser } from './types.ts';

const HEADERS = {
  // Without form-action: browsers would apply it to where the answer leads.
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

const STYLE = `
  :root { color-scheme: light dark; --ink: #1d1b2e; --soft: #5b5872; --paper: #fff; --ground: #f3f1fb; --line: #8a86a3;
    --brand: #5320d4; --on-brand: #fff; }
  @media (prefers-color-scheme: dark) { :root { --ink: #f2f0fb; --soft: #b9b5cf; --paper: #211f30; --ground: #16141f;
    --line: #8a86a3; --brand: #b39bff; --on-brand: #1b1038; } }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--ground);
    color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
  main { width: min(30rem, 100%); padding: 2rem; border-radius: 1rem; background: var(--paper);
    box-shadow: 0 1px 3px rgb(0 0 0 / .2), 0 12px 40px rgb(0 0 0 / .12); }
  .brand { margin: 0 0 1.25rem; color: var(--brand); font-weight: 700; }
  .brand small { color: var(--soft); font-weight: 400; }
  h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance; }
  ul { margin: 0 0 1.5rem; padding-left: 1.25rem; }
  fieldset { margin: 0 0 1.5rem; padding: .5rem 1rem .75rem; border: 1px solid var(--line); border-radius: .75rem; }
  legend { padding: 0 .375rem; font-weight: 600; }
  label { display: flex; gap: .75rem; align-items: center; padding: .375rem 0; cursor: pointer; }
  label small { display: block; color: var(--soft); overflow-wrap: anywhere; }
  input { width: 1.125rem; height: 1.125rem; margin: 0; accent-color: var(--brand); }
  .buttons { display: flex; flex-wrap: wrap; gap: .75rem; }
  button { flex: 1; min-height: 2.75rem; padding: .5rem 1.25rem; border: 1px solid var(--line); border-radius: .625rem;
    background: transparent; color: inherit; font: inherit; font-weight: 600; cursor: pointer; }
  button.yes { border-color: var(--brand); background: var(--brand); color: var(--on-brand); }
  :focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
  .note { margin: 1.25rem 0 0; color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
`;

export interface ConsentPage {
  /** The parameters of the request, sent back with the answer. */
  parameters: ReadonlyMap<string, string>;
  scopes: readonly string[];
  users: readonly OutreachUser[];
  /** The user who is chosen first; default: the first. */
  chosen: string | undefined;
  redirectHost: string;
}

export function consentPage({ parameters, scopes, users, chosen, redirectHost }: ConsentPage): Answer {
  const hidden = [...parameters].map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const first = users.find(({ id }) => id === chosen) ?? users[0];
  const asked = scopes.map((scope) => `<li>${escapeHtml(scopeInWords(scope) ?? scope)}</li>`);
  return page(
    200,
    'Docket wants to work with your Outreach tasks',
    `<p id="asks">Docket asks to:</p>
    <ul aria-labelledby="asks">${asked.join('')}</ul>
    <form method="post" action="/oauth/authorize">
      ${hidden.join('\n      ')}
      <fieldset>
        <legend>Signed in as</legend>
        ${users.map((user) => choice(user, user === first)).join('\n        ')}
      </fieldset>
      <div class="buttons">
        <button class="yes" name="decision" value="allow">Allow</button>
        <button name="decision" value="deny">Deny</button>
      </div>
    </form>
    <p class="note">Either way you go back to ${escapeHtml(redirectHost)}.</p>`,
  );
}

function choice({ id, email, firstName, lastName }: OutreachUser, isChosen: boolean): string {
  const name = escapeHtml(`${firstName} ${lastName}`);
  const chosen = isChosen ? ' checked' : '';
  return `<label><input type="radio" name="user" value="${id}" required${chosen}>
          <span>${name} <small>${escapeHtml(email)}</small></span></label>`;
}

/** Shown here, because nobody knows where it would be safe to lead back to. */
export function refusalPage(reason: string): Answer {
  return page(400, 'This link does not work', `<p>${escapeHtml(reason)}</p>`);
}

function page(status: number, title: string, content: string): Answer {
  const text = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} – Outreach (sandbox)</title>
  <style>${STYLE}</style>
</head>
<body>
  <main>
    <p class="brand">Outreach <small>sandbox</small></p>
    <h1>${title}</h1>
    ${content}
  </main>
</body>
</html>
`;
  return { status, text, contentType: 'text/html; charset=utf-8', headers: HEADERS };
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
