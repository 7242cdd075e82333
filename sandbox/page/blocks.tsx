/** Block Kit, with controls that work. */
import { Fragment } from 'react';
import type { Block } from 'slack-blocks-to-jsx';
import { isObject, objectsOf, stringOf } from '../slack/json.ts';
import type { JsonObject } from '../slack/types.ts';
import { Element } from './element.tsx';
import { InputBlock } from './input-block.tsx';
import { ClickNotice } from './notice.tsx';
import { useSurfaceContext } from './press.tsx';
import { LibraryBlock, plainOf, TextObject } from './text.tsx';

export function Blocks({ blocks }: { blocks: readonly JsonObject[] }) {
  const { notice, dismiss } = useSurfaceContext();
  const isPlaced = blocks.some((block) => block.block_id === notice?.blockId);
  const said = notice && <ClickNotice text={notice.text} onDismiss={dismiss} />;
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <Fragment key={stringOf(block.block_id) ?? index}>
          <BlockView block={block} />
          {block.block_id === notice?.blockId && said}
        </Fragment>
      ))}
      {!isPlaced && said}
    </div>
  );
}

function BlockView({ block }: { block: JsonObject }) {
  switch (block.type) {
    case 'section':
      return <Section block={block} />;
    case 'actions':
      return <Actions block={block} />;
    case 'context':
      return <Context block={block} />;
    case 'header':
      return (
        <h3 className="header-block">
          <TextObject value={block.text} />
        </h3>
      );
    case 'divider':
      return <hr className="divider-block" />;
    case 'input':
      return <InputBlock block={block} />;
    default:
      // Everything without controls of ours: images, tables, markdown.
      return <LibraryBlock block={block as unknown as Block} />;
  }
}

function Section({ block }: { block: JsonObject }) {
  return (
    <div className="section-block">
      <div className="section-text">
        <TextObject value={block.text} />
        {Array.isArray(block.fields) && (
          <div className="section-fields">
            {objectsOf(block.fields).map((field, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields have no ids and never change places
              <TextObject key={index} value={field} />
            ))}
          </div>
        )}
      </div>
      {isObject(block.accessory) && (
        <div className="section-accessory">
          <Accessory block={block} accessory={block.accessory} />
        </div>
      )}
    </div>
  );
}

function Accessory({ block, accessory }: { block: JsonObject; accessory: JsonObject }) {
  if (accessory.type === 'image') return <Picture image={accessory} size={72} />;
  return <Element blockId={stringOf(block.block_id) ?? ''} element={accessory} />;
}

function Actions({ block }: { block: JsonObject }) {
  const blockId = stringOf(block.block_id) ?? '';
  return (
    <div className="actions-block">
      {objectsOf(block.elements).map((element, index) => (
        <Element key={stringOf(element.action_id) ?? index} blockId={blockId} element={element} />
      ))}
    </div>
  );
}

function Context({ block }: { block: JsonObject }) {
  return (
    <div className="context-block">
      {objectsOf(block.elements).map((element, index) =>
        element.type === 'image' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: elements have no ids and never change places
          <Picture key={index} image={element} size={18} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: elements have no ids and never change places
          <TextObject key={index} value={element} />
        ),
      )}
    </div>
  );
}

function Picture({ image, size }: { image: JsonObject; size: number }) {
  const alt = stringOf(image.alt_text) ?? plainOf(image.title);
  return <img src={stringOf(image.image_url)} alt={alt} width={size} height={size} />;
}
