/** The demo's contacts, all of them invented: numbers are of ranges that nobody is given. */
import { CRM } from './companies.ts';
import type { GongPhone, GongTask } from './types.ts';

type Data = NonNullable<NonNullable<GongTask['contact']>['data']>;

interface Person {
  slug: string;
  firstName: string;
  lastName: string;
  title: string;
  companyName: string;
  city: string;
  timezone: string;
  phones?: readonly GongPhone[];
  optOutChannels?: Data['optOutChannels'];
  /** The end of its address. */
  profile?: string;
}

export function contact(slug: string, type: 'CONTACT' | 'LEAD' = 'CONTACT'): NonNullable<GongTask['contact']> {
  const person = PEOPLE.find((each) => each.slug === slug);
  if (!person) throw new RangeError(`No such contact: ${slug}`);
  const { slug: _, phones = [], profile, optOutChannels = [], ...data } = person;
  return {
    crmId: `con-${slug}`,
    type,
    data: {
      ...data,
      crmUrl: `${CRM}/contacts/${slug}`,
      emails: [{ email: `${slug}@customers.example` }],
      phoneNumbers: [...phones],
      optOutChannels,
      ...(profile && { linkedinProfile: `https://social.example/in/${profile}` }),
    },
  };
}

/** As Gong has them: what somebody wrote, and the same in one piece. */
function phone(raw: string, label: string, more: Partial<GongPhone> = {}): GongPhone {
  return { raw, normalized: raw.replace(/[^+\d]/g, ''), label, isVerified: false, ...more };
}

const PEOPLE: readonly Person[] = [
  {
    slug: 'dana.okonjo',
    firstName: 'Dana',
    lastName: 'Okonjo',
    title: 'VP Operations',
    companyName: 'Halvorsen Freight',
    city: 'Chicago',
    timezone: 'America/Chicago',
    phones: [
      phone('+1 (312) 555-0142', 'mobile', { isVerified: true }),
      phone('312 555 0140', 'work', { countryCode: 1, normalized: '+13125550140', extension: '4' }),
    ],
    profile: 'dana-okonjo',
  },
  {
    slug: 'juergen.strauss',
    firstName: 'Jürgen 🚀',
    lastName: 'Strauß & <Söhne>',
    title: 'Head of IT & Security',
    companyName: 'Strauß & Söhne <Export>',
    city: 'Hamburg',
    timezone: 'Europe/Berlin',
    phones: [phone('+49 30 23125 042', 'work')],
  },
  {
    slug: 'gwen.tarrane',
    firstName: 'Gwen',
    lastName: 'Tarrane',
    title: 'Director of Procurement',
    companyName: 'Pellworth Foods',
    city: 'London',
    timezone: 'Europe/London',
    phones: [phone('+44 20 7946 0118', 'work'), phone('+44 7700 900118', 'mobile')],
  },
  {
    slug: 'mateo.arbelaiz',
    firstName: 'Mateo',
    lastName: 'Arbelaiz',
    title: 'Chief of Staff',
    companyName: 'Kestrelby Insurance',
    city: 'Hartford',
    timezone: 'America/New_York',
    phones: [phone('+1 (860) 555-0151', 'mobile')],
    optOutChannels: ['EMAILS'],
  },
  {
    slug: 'hana.wickstead',
    firstName: 'Hana',
    lastName: 'Wickstead',
    title: 'Plant Manager',
    companyName: 'Tamarrow Robotics',
    city: 'Austin',
    timezone: 'US/Central',
    phones: [phone('+1 (512) 555-0163', 'work')],
    profile: 'hana-wickstead',
  },
  {
    slug: 'callum.drewe',
    firstName: 'Callum',
    lastName: 'Drewe',
    title: 'Finance Lead',
    companyName: 'Tamarrow Robotics',
    city: 'Austin',
    timezone: 'US/Central',
    phones: [phone('512.555.0164', 'work', { normalized: '+15125550164' })],
  },
  {
    slug: 'noor.haddan',
    firstName: 'Noor',
    lastName: 'Haddan',
    title: 'Chief Information Officer',
    companyName: 'Corvane Health',
    city: 'San Diego',
    timezone: 'America/Los_Angeles',
    phones: [phone('+1 (619) 555-0172', 'work')],
    optOutChannels: ['CALLS'],
    profile: 'noor-haddan',
  },
  {
    slug: 'petra.vasilen',
    firstName: 'Petra',
    lastName: 'Vasilen',
    title: 'Head of Rights',
    companyName: 'Quillmark Publishing',
    city: 'Edinburgh',
    timezone: 'Europe/London',
    phones: [phone('+44 131 496 0181', 'work')],
  },
  {
    slug: 'sigrid.aunevik',
    firstName: 'Sigrid',
    lastName: 'Aunevik',
    title: 'Program Manager',
    companyName: 'Brightfen Energy',
    city: 'Denver',
    timezone: 'America/Denver',
    phones: [phone('+1 (303) 555-0185', 'mobile')],
  },
  {
    slug: 'farah.nazarin',
    firstName: 'Farah',
    lastName: 'Nazarin',
    title: 'Owner',
    companyName: 'Ostlund & Daughters',
    city: 'Seattle',
    timezone: 'America/Los_Angeles',
    optOutChannels: ['CALLS', 'EMAILS'],
  },
  {
    slug: 'tobias.kellan',
    firstName: 'Tobias',
    lastName: 'Kellan',
    title: 'SVP Claims',
    companyName: 'Kestrelby Insurance',
    city: 'Boston',
    timezone: 'America/New_York',
    phones: [phone('+1 (617) 555-0191', 'work'), phone('+1 (617) 555-0192', 'assistant')],
    profile: 'tobias-kellan',
  },
  {
    slug: 'anke.rohrdanz',
    firstName: 'Anke',
    lastName: 'Rohrdanz',
    title: 'Leiterin Einkauf',
    companyName: 'Lindenau Bau',
    city: 'Leipzig',
    timezone: 'Europe/Berlin',
    phones: [phone('+49 30 23125 077', 'Zentrale', { extension: '12' })],
  },
  {
    slug: 'jeppe.holmgard',
    firstName: 'Jeppe',
    lastName: 'Holmgård',
    title: 'Fleet Director',
    companyName: 'Vistrup Maritime',
    city: 'London',
    timezone: 'Europe/London',
    phones: [phone('+44 7700 900133', 'mobile')],
  },
  {
    slug: 'milena.tschorn',
    firstName: 'Milena',
    lastName: 'Tschorn',
    title: 'Data Protection Officer',
    companyName: 'Lumenwerk',
    city: 'Zürich',
    timezone: 'Europe/Zurich',
    phones: [phone('+49 171 39200 21', 'mobile')],
    optOutChannels: ['EMAILS'],
  },
  {
    slug: 'odile.marchenoir',
    firstName: 'Odile',
    lastName: 'Marchenoir',
    title: 'E-commerce Lead',
    companyName: 'Arvelle Cosmetics',
    city: 'Montréal',
    timezone: 'America/Toronto',
    phones: [phone('+1 (514) 555-0196', 'work')],
    profile: 'odile-marchenoir',
  },
];
