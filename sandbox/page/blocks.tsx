/** Block Kit, with controls that work. */
import { Fragment } from 'react';
import { isObject, objectsOf, stringOf } from '../slack/json.ts';
import type { JsonObject } from '../slack/types.ts';
import { Element } from './element.tsx';
import { InputBlock } from './input-block.tsx';
import { ClickNotice } from './notice.tsx';
import { useSurfaceContext } from './press.tsx';
import { TextObject } from './text.tsx';

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
      return null;
  }
}

function Section({ block }: { block: JsonObject }) {
  return (
    <div className="section-block">
      <div className="section-text">
        <TextObject value={block.text} />
      </div>
      {isObject(block.accessory) && (
        <div className="section-accessory">
          <Element blockId={stringOf(block.block_id) ?? ''} element={block.accessory} />
        </div>
      )}
    </div>
  );
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
      {objectsOf(block.elements).map((element, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: elements have no ids and never change places
        <TextObject key={index} value={element} />
      ))}
    </div>
  );
}
