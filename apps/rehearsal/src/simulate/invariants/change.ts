/** A committed row: texts of identifiers as Buffer, BIGINT as decimal text, DATETIME as Date, small numbers as number. */
export type Row = Readonly<Record<string, unknown>>;

/** What one commit did to one row. */
export interface Change {
  readonly table: string;
  readonly before: Row | null;
  readonly after: Row | null;
}

export function textIn(row: Row, column: string): string {
  const value = row[column];
  return value === null || value === undefined
    ? ''
    : Buffer.isBuffer(value)
      ? value.toString('latin1')
      : String(value as string);
}

export function numberIn(row: Row, column: string): number {
  return Number(row[column]);
}

export function isNull(row: Row, column: string): boolean {
  return row[column] === null || row[column] === undefined;
}
