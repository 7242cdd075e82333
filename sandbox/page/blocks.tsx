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
        <h2 className="header-block">
          <TextObject value={block.text} />
        </h2>
      );
    case 'divider':
      return <hr className="divider-block" />;
    case 'table':
      return <TableView block={block} />;
    case 'input':
      return <InputBlock block={block} />;
    default:
      return null;
  }
}

/** The first row is the heading, and the first cell of each other row names it. */
function TableView({ block }: { block: JsonObject }) {
  const [titles = [], ...rows] = (Array.isArray(block.rows) ? block.rows : []).map((row) =>
    (Array.isArray(row) ? row : []).map((cell) => (isObject(cell) ? (stringOf(cell.text) ?? '') : '')),
  );
  const settings = objectsOf(block.column_settings);
  const styleOf = (column: number) => ({
    textAlign: alignOf(settings[column]),
    ...(settings[column]?.is_wrapped === true && { whiteSpace: 'normal' as const }),
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className="table-block" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {titles.map((title, column) => (
              <th key={title} scope="col" style={styleOf(column)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no ids and never change places
            <tr key={index}>
              <th scope="row">{name}</th>
              {cells.map((text, column) => (
                <td key={titles[column + 1]} style={styleOf(column + 1)}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function alignOf(column: JsonObject | undefined): 'left' | 'center' | 'right' {
  return column?.align === 'right' || column?.align === 'center' ? column.align : 'left';
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
