import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './measure';

/** The rows as a Markdown table. */
export function table(rows: readonly Row[]): string {
  const header = [
    'suite',
    'what',
    'a',
    'b',
    'a /s',
    'b /s',
    'a µs',
    'a ÷ b',
    'min – max',
    'rounds',
    'others',
    'goal: floor, aim',
  ];
  const lines = rows.map((row) => [
    row.suite,
    row.what,
    row.a,
    row.b,
    count(row.aRate),
    count(row.bRate),
    (1e6 / row.aRate).toFixed(1),
    `**${ratio(row.ratio)}**`,
    `${ratio(row.min)} – ${ratio(row.max)}`,
    String(row.rounds),
    row.othersCpu === null ? '?' : row.othersCpu.toFixed(2),
    row.goal === '' ? '' : `${row.goal}: ${row.floor}, ${row.aim}`,
  ]);
  const text = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [text(header), text(header.map(() => '---')), ...lines.map(text)].join('\n');
}

/** One JSON line per row, appended to a file per day. */
export function keep(rows: readonly Row[], facts: object, directory: string): string {
  mkdirSync(directory, { recursive: true });
  const at = new Date().toISOString();
  const file = join(directory, `bench-${at.slice(0, 10)}.jsonl`);
  for (const row of rows) appendFileSync(file, `${JSON.stringify({ at, ...row, ...facts })}\n`);
  return file;
}

function count(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  if (value >= 1e4) return `${Math.round(value / 1e3)}k`;
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}

function ratio(value: number): string {
  if (value >= 100) return `${Math.round(value)}x`;
  return value >= 10 ? `${value.toFixed(1)}x` : `${value.toFixed(2)}x`;
}
