/**
 * Lines as reps type them, and what each must come to. `list` is written as the parts of the query, `text:` and what
 * follows for its text; `act` as verb, numbers and local time. The reader is in New York, on Monday 23 November 2026, 09:00.
 */
import { NEW_YORK } from '../core/docket.ts';
import { MONDAY_NINE } from '../core/provider.ts';

export const CONTEXT = {
  tools: [
    { id: 'gong', name: 'Gong' },
    { id: 'outreach', name: 'Outreach' },
    { id: 'reply', name: 'Reply.io' },
  ],
  time: { now: MONDAY_NINE, zone: NEW_YORK, days: [1, 2, 3, 4, 5] },
};

/** What they come to, and the lines, one a line. */
export const CORPUS: readonly (readonly [comesTo: string, lines: string])[] = [
  [
    'list',
    `

all
tasks
my tasks
show me my tasks
list all my open tasks please
what do I have
what's open?
show everything
What have I got left
everything
next
EVERYTHING!`,
  ],
  [
    'list overdue',
    `overdue
Overdue
OVERDUE
  overdue  
overdue?
overdue!
“overdue tasks
what's overdue
What’s overdue?
what is overdue
show overdue
show me what is overdue
my overdue tasks
which tasks are overdue
late
what am I late with
past due
over due
ｏｖｅｒｄｕｅ
óverdue
anything late?`,
  ],
  [
    'list today',
    `today
due today
what's due today?
what do i have today
today's tasks
today’s
show me today
tasks for today
what should I do today
TODAY`,
  ],
  [
    'list tomorrow',
    `tomorrow
tmrw
what's on for tomorrow
tomorrow's tasks
due tomorrow`,
  ],
  [
    'list week',
    `week
next 7 days
next seven days
what's due in the next 7 days
coming week`,
  ],
  ['list this week', 'this week\ndue this week\nwhat is due this week?\nThis  Week\nthis week’s tasks'],
  ['list next week', 'next week\ndue next week\nwhat do I have next week\nnext week’s'],
  [
    'list no date',
    `no date
no due date
without a date
tasks without date
undated
which tasks have no due date`,
  ],
  ['list snoozed', 'snoozed\nwhat is snoozed\nshow me my snoozed tasks\nsnoozed tasks'],
  [
    'list before 2026-11-27',
    'before friday\ndue before friday\nbefore fri\nbefore 27 nov\nbefore 2026-11-27\nby thursday',
  ],
  ['list before 2026-11-28', 'by friday\nwhat is due by friday?\nuntil friday'],
  ['list before 2026-11-23', 'before today'],
  ['list before 2026-11-24', 'before tomorrow\nby today'],
  ['list before 2026-12-04', 'before next friday\ndue before next friday'],
  ['list call', 'calls\ncall\nmy calls\nshow calls\nwhich calls do I have\nphone calls\nCalls!'],
  ['list email', 'emails\nemail\ne-mails\nE-Mail\nmails\nmy emails please\ne–mails'],
  ['list linkedin', 'linkedin\nLinkedIn\nlinked in\nmy linkedin tasks'],
  ['list sms', 'sms\nSMS\ntext messages\ntexts'],
  ['list meeting', 'meetings\nmeeting\nmy meetings'],
  ['list todo', 'todos\ntodo\nto-dos\nto do\nto-do\nmy to dos'],
  ['list gong', 'gong\nin gong\ngong tasks\nwhat is in Gong?\nGONG'],
  ['list outreach', 'outreach\nmy outreach tasks\nfrom Outreach'],
  ['list reply', 'reply\nreply.io\nReply.io\nreplyio\nin reply.io'],
  ['list urgent', 'urgent\nwhat is urgent?\ncritical\nhigh priority\ntop priority\nasap'],
  ['list sort:due', 'sort:due\nsort by due\nsorted by date\nsort by due date\norder by due\nby due date'],
  ['list sort:amount', 'sort:amount\nsort by amount\nby amount\nby value\nSort:Amount\nsort by deal'],
  ['list sort:account', 'sort:account\nby account\nby company\nsort by company'],
  ['list sort:age', 'sort:age\nby age\nsort by age'],
  [
    'list overdue text:acme',
    "what's overdue at acme?\noverdue acme\nacme overdue\nlate at acme\nis anything overdue at acme",
  ],
  [
    'list tomorrow call',
    'show me my calls for tomorrow\ncalls tomorrow\ntomorrow calls\nmy calls tomorrow please\ntomorrow: calls',
  ],
  ['list call gong', 'gong calls\ncalls in gong\ncalls gong'],
  ['list call email', 'calls and emails\ncalls, emails'],
  ['list today email urgent', 'urgent emails today\ntoday urgent emails\nemails today urgent'],
  [
    'list overdue call outreach sort:amount',
    'overdue outreach calls sort:amount\nsort by amount overdue calls in outreach',
  ],
  ['list this week meeting', 'meetings this week\nthis week’s meetings\nwhat meetings do I have this week'],
  [
    'list before 2026-11-27 call text:acme',
    'calls at acme before friday\nacme calls before friday\nbefore friday acme calls',
  ],
  [
    'list text:acme',
    'acme\nsearch acme\nfind acme\nfind tasks for acme\nanything at acme?\nacme?\n"acme"\n“acme”\n«acme»\n„acme“',
  ],
  ['list text:Dana Whitfield', 'Dana Whitfield\ntasks for Dana Whitfield\nshow me Dana Whitfield'],
  ["list text:O'Brien", "O'Brien"],
  ['list text:O’Brien', 'O’Brien\ntasks for O’Brien'],
  ['list text:Café Zürich', 'Café Zürich\nat Café Zürich'],
  ['list text:bank of america', 'bank of america\nat bank of america'],
  ['list text:R&D', 'R&D'],
  ['list text:carl', 'carl\nfor carl'],
  ['list text:lake', 'lake'],
  ['list text:Hall', 'Hall'],
  ['list text:Northlight', 'Northlight'],
  ['list text:today', '"today"\n“today”'],
  ['list text:done 2', '"done 2"\n“done 2”'],
  ['list text:move in date', 'move in date'],
  ['list text:team standup', '"team standup"'],
  ['list text:status acme', 'status acme'],
  ['list text:Müller', 'Müller\n«Müller»'],
  ['list text:renewal Q4', 'renewal Q4\nthe renewal Q4'],
  ['list text:dana@x.example', 'dana@x.example'],
  ['list text:山田', '山田'],
  ['list text:привет', 'привет'],
  ['list text:heute fällig', 'heute fällig'],
  ['list text:Zeig mir meine Aufgaben', 'Zeig mir meine Aufgaben'],
  ['list text:muéstrame las tareas de hoy', 'muéstrame las tareas de hoy'],
  ['list text:montre-moi les tâches', 'montre-moi les tâches'],
  ['list text:erledigt 2', 'erledigt 2'],
  ['list text:hecho 2', 'hecho 2'],
  ['list text:terminé 2', 'terminé 2'],
  ['list text:完了 2', '完了 2'],
  [
    'act done 2',
    `done 2
Done 2
DONE 2
 done  2
done #2
done 2.
done 2!
2 done
#2 done
mark 2 done
mark 2 as done
please mark 2 as done
please done 2
done 2 please
done task 2
done number 2
done row 2
complete 2
finish 2
2 completed
can you mark 2 as done
done ２
done 2,2`,
  ],
  [
    'act done 2,5',
    'done 2,5\ndone 2, 5\ndone 2 , 5\ndone 2 5\ndone 2 and 5\ndone 2 & 5\nmark 2 and 5 as done\n2,5 done\ndone #2, #5\ndone 2+5',
  ],
  ['act done 1,2,3', 'done 1-3\ndone 1–3\ndone 1—3\ndone 1 - 3\ndone 1,2,3\ndone 1 2 3\ndone 1, 2 and 3\n1-3 done'],
  ['act done 1,2,3,5,7', 'done 1-3, 5 & 7\ndone 1-3,5,7'],
  ['act done 99', 'done 99'],
  ['act dismiss 5', 'dismiss 5\nDismiss 5\nplease dismiss 5\n5 dismiss\ndismiss tasks 5'],
  ['act dismiss 2,3', 'dismiss 2-3\ndismiss 2,3'],
  [
    'act snooze 4 Tue 24 Nov 09:00',
    'snooze 4\nSnooze 4\npostpone 4\nsnooze 4 until tomorrow\nsnooze 4 tomorrow\nsnooze 4 to tomorrow\nsnooze 4 till tue\nsnooze 4 until tomorrow 9am',
  ],
  [
    'act snooze 1,2,3 Tue 24 Nov 09:00',
    'snooze 1-3 until tue 9am\nsnooze 1-3 until tuesday 9am\nsnooze 1-3\nsnooze 1,2,3 to tue 9:00',
  ],
  ['act snooze 4 Wed 25 Nov 09:00', 'snooze 4 for 2 days\nsnooze 4 in 2 days\nsnooze 4 until wednesday'],
  ['act snooze 4 Mon 30 Nov 09:00', 'snooze 4 until next week\nsnooze 4 next week\nsnooze 4 until next monday'],
  ['act snooze 4 Mon 23 Nov 15:00', 'snooze 4 until 3pm\nsnooze 4 to 15:00\nsnooze 4 until today 3pm'],
  [
    'act reschedule 4 Sat 12 Dec 15:00',
    'reschedule 4 to 12 dec 15:00\nreschedule 4 to Dec 12 15:00\nmove 4 to 12 dec 3pm\nreschedule 4 2026-12-12 15:00\nreschedule 4 to 2026-12-12 15:00\npush 4 to 12 december 15:00',
  ],
  ['act reschedule 2 Mon 30 Nov 09:00', 'push 2 to next monday\nreschedule 2 next week\nmove 2 to next week'],
  ['act reschedule 2,3 Fri 27 Nov 09:00', 'reschedule 2,3 to friday\nmove 2 and 3 to friday\nmove 2-3 to fri 9am'],
  ['undo', 'undo\nUndo\nundo!\nundo that\nundo it\nplease undo\nundo the last one\nundo my last'],
  ['command digest', 'digest\nDigest\nsend me my digest\nmy digest please'],
  ['command status', 'status\nmy status\nshow status\nSTATUS'],
  ['command history', 'history\nshow me my history'],
  ['command settings', 'settings\npreferences\nopen settings'],
  ['command connect', 'connect\naccounts\nmy accounts'],
  ['command resume', 'resume\nunpause'],
  ['command team', 'team\nshow the team'],
  ['command team pause', 'team pause'],
  ['command team Maya', 'team Maya\nthe team Maya'],
  ['command rollup', 'rollup\nroll-up\nshow my roll-ups'],
  ['command help', 'help\nHelp\nhelp me\nhelp!'],
  ['command pause', 'pause\npause it'],
  ['command pause Monday', 'pause until Monday\npause till Monday\npause my digests until Monday'],
  ['command pause 2026-12-01', 'pause until 2026-12-01'],
  ['command pause acme', 'pause acme'],
  ['near overdue', 'overdeu\novrdue\noverdu\noverduee'],
  ['near overdue acme', 'overdeu acme'],
  ['near today', 'toady\ntodya'],
  ['near tomorrow', 'tommorow\ntomorow\ntommorrow'],
  ['near snoozed', 'snoozd'],
  ['near calls', 'calsl\ncallls'],
  ['near emails', 'emials\nemaisl'],
  ['near meetings', 'meetngs\nmeetins'],
  ['near linkedin', 'linkdin\nlinkedn'],
  ['near outreach', 'outrech\noutraech'],
  ['near gong', 'gogn'],
  ['near urgent', 'urgnet\nurgentt'],
  ['near done 2', 'dnoe 2\ndoen 2'],
  ['near snooze 3', 'snoze 3\nsnoooze 3'],
  ['near dismiss 5', 'dimiss 5\ndismis 5'],
  ['near reschedule 4 to monday', 'reshedule 4 to monday\nreschedul 4 to monday'],
  ['near complete 2', 'compelte 2'],
  ['near undo', 'unod'],
  ['near digest', 'dgiest\ndigset'],
  ['near status', 'stauts\nstatsu'],
  ['near settings', 'setings\nsettngs'],
  ['near history', 'hstory\nhistroy'],
  ['near help', 'hlep\nheelp'],
  ['near before friday', 'befroe friday'],
  [
    'unclear numbers',
    'done\ndismiss\nsnooze\nreschedule\ndone everything\ndone all\ncomplete everything\npush everything to monday\nmove them to friday\ndismiss all overdue\nsnooze dana\ndone deal\ndone acme\ndone 0\ndone 3-1\ndone 2,\ndone 2 and\ndone 1-500\nsnooze 4 5 pm\nreschedule to monday\ndone two\nsnooze until friday\ndone 2; dismiss 3',
  ],
  [
    'unclear words',
    "done 2 acme\ndone 2 tomorrow\ndismiss 2 because of acme\ndon't done 2\nnot done 2\nacme done\nis acme done\ndone 2 or 3",
  ],
  ['unclear no_time', 'reschedule 4\nmove 2\npush 1-3'],
  [
    'unclear time',
    'snooze 1-3 until blurb\nsnooze 2 until tomorrow at 5\nreschedule 2 to yesterday\nreschedule 2 to 5/12\nreschedule 2 to 31 nov\nreschedule 2 to 2099-01-01\nsnooze 2 until monday or tuesday\nreschedule 4 to wed 1 jan 2027\nsnooze 2 until tonight at midnight acme',
  ],
  ['unclear undo', 'undo 2\nundo acme\nundo everything'],
  ['unclear no_verb', '2\n#2\n2,5\n1-3\n555 1234'],
  ['unclear two_whens', 'overdue today\ntoday tomorrow\noverdue and today\nthis week next week'],
  ['unclear day', 'friday\nfri\n12 dec\ncalls on friday\nmonday 3pm'],
  ['unclear before', 'before 5/12\nbefore 31 nov'],
  ['unclear before_hour', 'before friday 3pm'],
  ['unclear sort', 'sort:foo\nsort by foo'],
  ['unclear nothing', '!!!\n?\n…\n👍\nhi\nhello\nthanks\nthank you\nwhat can you do\nhey docket\nthe'],
  ['unclear too_long', `done ${'1,'.repeat(200)}2`],
];
