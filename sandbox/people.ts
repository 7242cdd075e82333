/** The people of the demo: invented, at an invented company, each in another zone. */

export interface DemoPerson {
  slackId: string;
  /** Without `@`. */
  handle: string;
  realName: string;
  email: string;
  /** IANA zone. */
  zone: string;
  /** The language of their Slack. */
  locale: string;
  /** Text: neither of them fits into a JavaScript number. */
  gongUserId: string;
}

/** The first one is whom a newcomer sees first. */
export const DEMO_PEOPLE = [
  {
    slackId: 'U07MAYA0LQT',
    handle: 'maya',
    realName: 'Maya Lindqvist',
    email: 'maya.lindqvist@northlight.example',
    zone: 'America/New_York',
    locale: 'en-US',
    // 20 digits, the longest that Gong's users have (gong.md 4).
    gongUserId: '71234567890123456789',
  },
  {
    slackId: 'U07THEO0BRV',
    handle: 'theo',
    realName: 'Theo Brandvold',
    email: 'theo.brandvold@northlight.example',
    zone: 'Europe/Berlin',
    locale: 'de-DE',
    gongUserId: '6034599484848423117',
  },
  {
    slackId: 'U07ISHA0BLK',
    handle: 'ishani',
    realName: 'Ishani Balakrish',
    email: 'ishani.balakrish@northlight.example',
    zone: 'Asia/Kolkata',
    locale: 'en-GB',
    gongUserId: '6034599484848423118',
  },
] as const satisfies readonly DemoPerson[];
