import { Message, type RichTextBlockElement } from 'slack-blocks-to-jsx';
import { isObject, stringOf } from '../slack/json.ts';
import type { Json } from '../slack/types.ts';
import { readMrkdwn, readPlain, unescapeText } from './mrkdwn.ts';
import { usePerson } from './person.ts';

/** Drawn by the library as Slack draws it. */
function RichText({ elements }: { elements: RichTextBlockElement[] }) {
  const { users, channels } = usePerson();
  return (
    <Message
      withoutWrapper
      theme="light"
      // Only the wrapper that is left out would show these two.
      name=""
      logo=""
      blocks={[{ type: 'rich_text', elements }]}
      data={{
        users: users.map(({ id, realName }) => ({ id, name: realName })),
        channels: channels.map(({ id, name }) => ({ id, name })),
      }}
      hooks={{ emoji: (emoji, parse) => shownEmoji(emoji.name, parse(emoji)) }}
    />
  );
}

/** The library answers an emoji that it does not know with its bare name. */
function shownEmoji(name: string, parsed: string): string {
  return parsed === name ? `:${name}:` : parsed;
}

export function MrkdwnText({ text }: { text: string }) {
  const person = usePerson();
  return <RichText elements={readMrkdwn(text, person)} />;
}

/** A text object of Block Kit, of either type. */
export function TextObject({ value }: { value: Json | undefined }) {
  if (!isObject(value)) return null;
  const text = stringOf(value.text) ?? '';
  return value.type === 'mrkdwn' ? <MrkdwnText text={text} /> : <RichText elements={readPlain(text)} />;
}

/** The characters of a text object, for labels. */
export function plainOf(value: Json | undefined): string {
  return isObject(value) ? unescapeText(stringOf(value.text) ?? '') : '';
}
