import type { FileMetaData, SchemaElement, SchemaTree } from "hyparquet/src/index.js";

/** What a column of a Parquet file holds, and where its description stands. */
export interface ColumnSchema {
  readonly name: string;
  /** Which of the columns it is. */
  readonly index: number;
  readonly content: "values" | "dates" | "bytes" | "nested";
  /** Its part of the schema, which is a tree written down in order. */
  readonly from: number;
  readonly to: number;
}

export function columnSchemas(root: SchemaTree): ColumnSchema[] {
  let from = 1;
  return root.children.map((child, index) => {
    const schema = {
      name: child.element.name,
      index,
      content: contentOf(child),
      from,
      to: from + child.count,
    };
    from += child.count;
    return schema;
  });
}

/** Of a list: lists of anything but single values are nested. */
function contentOf({ element, children }: SchemaTree): ColumnSchema["content"] {
  if (children.length === 0) return contentOfLeaf(element);
  // A list has one child that repeats, which is the value itself or has it as its only child.
  const [repeated] = children;
  if (element.converted_type !== "LIST" && element.logical_type?.type !== "LIST") return "nested";
  if (children.length > 1 || repeated.element.repetition_type !== "REPEATED" || repeated.children.length > 1)
    return "nested";
  const value = repeated.children.length === 1 ? repeated.children[0] : repeated;
  if (value.children.length > 0 || (value !== repeated && value.element.repetition_type === "REPEATED"))
    return "nested";
  return contentOfLeaf(value.element) === "bytes" ? "bytes" : "values";
}

function contentOfLeaf({ type, converted_type, logical_type }: SchemaElement): ColumnSchema["content"] {
  const logical = logical_type?.type;
  if (type === "INT96" || /^(DATE|TIMESTAMP)/.test(converted_type ?? logical ?? "")) return "dates";
  if (logical === "TIMESTAMP") return "dates";
  const isNumber = converted_type === "DECIMAL" || logical === "DECIMAL" || logical === "FLOAT16";
  if (type === "FIXED_LEN_BYTE_ARRAY" && !isNumber && logical !== "UUID") return "bytes";
  if (
    logical === "GEOMETRY" ||
    logical === "GEOGRAPHY" ||
    logical === "VARIANT" ||
    converted_type === "BSON" ||
    converted_type === "INTERVAL"
  )
    return "bytes";
  return "values";
}

/** The description of one row group with some of its columns: so that reading them looks at no others. */
export function onlyColumns(
  metadata: FileMetaData,
  group: number,
  columns: readonly ColumnSchema[],
): FileMetaData {
  const { schema, row_groups } = metadata;
  const names = new Set(columns.map(({ name }) => name));
  const rowGroup = row_groups[group];
  return {
    ...metadata,
    num_rows: rowGroup.num_rows,
    schema: [
      { ...schema[0], num_children: columns.length },
      ...columns.flatMap(({ from, to }) => schema.slice(from, to)),
    ],
    row_groups: [
      {
        ...rowGroup,
        columns: rowGroup.columns.filter(({ meta_data: chunk }) => names.has(chunk?.path_in_schema[0] ?? "")),
      },
    ],
  };
}
