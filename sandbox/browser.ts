/** A person's browser at Outreach's consent page: chooses a user, and allows or denies. */

/** Follows the link and answers the page; returns where the browser is led back to. */
export async function answerConsent(link: string, user: string, decision: 'allow' | 'deny' = 'allow'): Promise<string> {
  // A link in Slack is an address of Docket's, which leads to Outreach's.
  const page = await fetch(link);
  const html = await page.text();
  if (page.status !== 200) throw new Error(`no page to sign in: ${page.status}`);
  const form = new URLSearchParams({ user, decision });
  for (const [, name = '', value = ''] of html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
    form.set(name, readable(value));
  }
  const answer = await fetch(new URL('/oauth/authorize', page.url), { method: 'POST', body: form, redirect: 'manual' });
  const back = answer.headers.get('location');
  if (answer.status !== 302 || !back) throw new Error(`no way back: ${answer.status} ${await answer.text()}`);
  return back;
}

function readable(html: string): string {
  const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
  return html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);
}
