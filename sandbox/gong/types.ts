/** The face of the Gong simulator: what tests, the demo and the page use. */
import type { SimulatorRequest } from '../desk.ts';
import type { Fault } from '../faults.ts';

export type GongStatus = 'OPEN' | 'DONE' | 'DISMISSED';

export interface GongUser {
  /** Decimal digits; may be longer than a JavaScript number can hold. */
  id: string;
  emailAddress: string;
  emailAliases?: string[];
  trustedEmailAddress?: string | null;
  /** undefined: the directory does not say. */
  active?: boolean | undefined;
  firstName: string;
  lastName: string;
}

export interface GongPhone {
  raw: string;
  extension?: string;
  countryCode?: number;
  normalized?: string;
  label?: string;
  isVerified?: boolean;
}

/** A task as Gong holds it; ids are decimal text here and go out as bare JSON integers, as at Gong. */
export interface GongTask {
  id: string;
  userId: string;
  status: GongStatus;
  type: 'FLOW' | 'MANUAL';
  /** ISO-8601 with offset or Z. */
  created: string;
  updated: string;
  dueDate?: string;
  title?: string;
  account?: { crmId?: string; name?: string; crmUrl?: string };
  opportunity?: {
    crmId?: string;
    name?: string;
    crmUrl?: string;
    status?: string;
    stage?: string;
    amount?: string;
    /** Text at Gong (gong.md 2.9). */
    probability?: string;
    closeDate?: string;
  };
  flow?: { id: string; name: string; step: { id: string; name: string; stepNumber: number } };
  contact?: {
    crmId?: string;
    type?: string;
    data?: {
      firstName?: string;
      lastName?: string;
      crmUrl?: string;
      companyName?: string;
      title?: string;
      emails?: { email: string }[];
      /** IANA zone. */
      timezone?: string;
      city?: string;
      phoneNumbers?: GongPhone[];
      optOutChannels?: ('CALLS' | 'EMAILS')[];
      linkedinProfile?: string;
    };
  };
}

/** A directory of one bad moment, with 200: nobody at all, pages that stop after the first, or entries without `active`. */
export type OddDirectory = 'empty' | 'first page' | 'without active';

/** A request that the simulator received. */
export interface GongRequest extends SimulatorRequest {
  /** The answer's `requestId`; absent while there is none, and when a fault brought its own body. */
  requestId?: string;
}

export interface GongOptions {
  users: readonly GongUser[];
  tasks: readonly GongTask[];
  /** 0 (the default) takes a free port. */
  port?: number;
  accessKey?: string;
  accessKeySecret?: string;
  clock?: () => number;
  /** The time by which rate limits count; undefined: nothing is counted now. Default: `clock`. */
  pace?: () => number | undefined;
  /** Enforce 3 calls a second and 10,000 a day; default true. */
  rateLimits?: boolean;
  /** A list without tasks is a 404, as other lists of Gong's answer (gong.md 5.1). */
  nothingFoundIs404?: boolean;
  /** `"status": ["OPEN"]`, as the type of the field allows to read the documents. */
  statusInArray?: boolean;
  /** Users on a page of GET /v2/users; default 100. */
  pageSize?: number;
}

export interface GongSimulator {
  /** `http://127.0.0.1:PORT`, what `GONG_API_URL` is set to. */
  readonly url: string;
  readonly accessKey: string;
  readonly accessKeySecret: string;
  readonly requests: readonly GongRequest[];
  /** Requests to no known route, or that break the documented contract; tests expect none. */
  readonly unexpected: readonly string[];
  task(id: string): GongTask | undefined;
  tasks(userId?: string): GongTask[];
  /** A change in Gong itself: adds or replaces a task. */
  put(task: GongTask): void;
  putUser(user: GongUser): void;
  /** Changes the answers of GET /v2/users from now on; undefined: as documented. */
  setDirectory(how: OddDirectory | undefined): void;
  fail(fault: Fault): void;
  clearFaults(): void;
  /** Lets held requests go on. */
  release(): void;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}
