/** The migrations are written for SQLite. In PostgreSQL a few words of a table are others. */
import {
  type ColumnDefinitionNode,
  type CreateTableNode,
  type DataTypeNode,
  GeneratedNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  RawNode,
} from 'kysely';

/** Both order alike: by the bytes of UTF-8. */
const TEXT = RawNode.createWithSql('text collate "C"');
/** SQLite's integer has 64 bits. */
const INTEGER = RawNode.createWithSql('bigint');

class TableTransformer extends OperationNodeTransformer {
  /** `strict`: PostgreSQL's tables always are. */
  protected override transformCreateTable(node: CreateTableNode): CreateTableNode {
    const { endModifiers: _, ...table } = super.transformCreateTable(node);
    return table;
  }

  /** Ids may be given too, by whoever copies a database. */
  protected override transformColumnDefinition(node: ColumnDefinitionNode): ColumnDefinitionNode {
    const { autoIncrement, ...column } = super.transformColumnDefinition(node);
    const dataType = this.#typeOf(node.dataType);
    if (!autoIncrement) return { ...column, dataType };
    return { ...column, dataType, generated: GeneratedNode.create({ identity: true, byDefault: true }) };
  }

  #typeOf(node: OperationNode): OperationNode {
    const { dataType } = node as DataTypeNode;
    if (dataType === 'text') return TEXT;
    return dataType === 'integer' ? INTEGER : node;
  }
}

export class PostgresTables implements KyselyPlugin {
  readonly #transformer = new TableTransformer();

  transformQuery({ node, queryId }: PluginTransformQueryArgs): PluginTransformQueryArgs['node'] {
    return this.#transformer.transformNode(node, queryId);
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<PluginTransformResultArgs['result']> {
    return result;
  }
}
