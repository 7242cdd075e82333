import type { ServerResponse } from 'node:http';

const SECURITY = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self'",
    'img-src https: data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light">
<title>Docket in a local Slack workspace</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
</head>
<body>
<div id="page"><noscript>This page needs JavaScript.</noscript></div>
<script type="module" src="/page.js"></script>
</body>
</html>
`;

export function sendText(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { ...SECURITY, 'content-type': `${type}; charset=utf-8` });
  response.end(text);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { ...SECURITY, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
