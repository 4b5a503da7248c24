import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { Workbook } from 'exceljs';
import { csvOf, xlsxOf, type Column } from './table-file';

interface Row {
  readonly name: string;
  readonly fen: number | null;
}
const columns: Column<Row>[] = [
  { title: '名称', of: ({ name }) => name },
  { title: '金额（元）', kind: 'yuan', of: ({ fen }) => fen },
  { title: '分', kind: 'number', of: ({ fen }) => fen },
];
/** With the byte order mark, which decoders of streams swallow. */
const text = async (stream: Readable): Promise<string> => (await buffer(stream)).toString('utf8');
async function* of(...rows: Row[]): AsyncGenerator<Row> {
  yield* rows;
}

it('CSV begins with a byte order mark and defuses what a spreadsheet would run', async () => {
  const wild = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', 'a,"b"\nc', '红包'];
  const csv = await text(csvOf(columns, of(...wild.map((name) => ({ name, fen: 100_005 })))));
  expect(csv.startsWith('\uFEFF名称,金额（元）,分\n')).toBe(true);
  expect(csv).toContain(
    "'=1+1,1000.05,100005\n'+1,1000.05,100005\n'-1,1000.05,100005\n'@SUM(A1),1000.05,100005\n'\t=1,",
  );
  expect(csv).toContain('"\'\r=1",');
  expect(csv).toContain('"a,""b""\nc",1000.05,100005\n红包,1000.05,100005');
});

it('writes money to the fen, also below zero and none', async () => {
  const csv = await text(csvOf(columns, of({ name: 'a', fen: -5 }, { name: 'b', fen: null }, { name: 'c', fen: 0 })));
  expect(csv.split('\n').slice(1)).toEqual(['a,-0.05,-5', 'b,,', 'c,0.00,0']);
});

it('a table without rows has its headings', async () => {
  expect(await text(csvOf(columns, of()))).toBe('\uFEFF名称,金额（元）,分');
});

it('XLSX holds the same rows, text as text and money as numbers', async () => {
  const rows = Array.from({ length: 1000 }, (_, index) => ({ name: `=${index}`, fen: index * 7 }));
  const file = await buffer(xlsxOf(columns, of(...rows)));
  const book = new Workbook();
  await book.xlsx.load(file as unknown as ArrayBuffer);
  const [sheet] = book.worksheets;
  expect(sheet!.rowCount).toBe(1001);
  expect(sheet!.getRow(1).values).toEqual([undefined, '名称', '金额（元）', '分']);
  expect(sheet!.getRow(1000).values).toEqual([undefined, '=998', 69.86, 6986]);
  expect(sheet!.getRow(1000).getCell(2).numFmt).toBe('#,##0.00');
});

it('ends when its rows fail', async () => {
  async function* failing(): AsyncGenerator<Row> {
    yield { name: 'a', fen: 1 };
    throw new Error('gone');
  }
  await expect(buffer(xlsxOf(columns, failing()))).rejects.toThrow('gone');
  await expect(text(csvOf(columns, failing()))).rejects.toThrow();
});
