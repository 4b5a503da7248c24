import { textOf, type Reader } from '@app/database';

interface Event {
  readonly from: number;
  readonly to: number;
  readonly active: boolean;
}

/**
 * Codes on sale now, on layers that pay consumers, of every batch. Of the events that are in effect the one recorded last decides, as
 * in the codes' own timeline.
 */
export async function readActivatedCodes(reader: Reader): Promise<number> {
  const rows = await reader.query<{ batch: number; layer: number; from: number; to: number; state: Buffer }>(
    `SELECT e.batch_id AS batch, e.layer, e.serial_from AS \`from\`, e.serial_to AS \`to\`, e.state
       FROM code_segment_events e JOIN code_batch_layers l ON l.batch_id = e.batch_id AND l.layer = e.layer
      WHERE l.purpose = 'prize' AND e.effective_at <= UTC_TIMESTAMP(6) ORDER BY e.batch_id, e.layer, e.id`,
  );
  const layers = new Map<string, Event[]>();
  for (const { batch, layer, from, to, state } of rows) {
    const key = `${batch}/${layer}`;
    const events = layers.get(key) ?? [];
    events.push({ from, to, active: textOf(state) === 'active' });
    layers.set(key, events);
  }
  let codes = 0;
  for (const events of layers.values()) codes += countActive(events);
  return codes;
}

/** Serials that are active after all events, the last first: what a later one covers an earlier one cannot change. */
export function countActive(events: readonly Event[]): number {
  let covered: { from: number; to: number }[] = [];
  let active = 0;
  for (const event of events.toReversed()) {
    if (event.active) active += event.to - event.from - overlap(covered, event);
    covered = joined(covered, event);
  }
  return active;
}

function overlap(covered: readonly { from: number; to: number }[], { from, to }: Event): number {
  return covered.reduce((sum, part) => sum + Math.max(0, Math.min(to, part.to) - Math.max(from, part.from)), 0);
}

/** The covered parts with one more, still apart and in order. */
function joined(covered: readonly { from: number; to: number }[], event: Event): { from: number; to: number }[] {
  const touching = covered.filter((part) => part.from <= event.to && event.from <= part.to);
  const from = Math.min(event.from, ...touching.map((part) => part.from));
  const to = Math.max(event.to, ...touching.map((part) => part.to));
  return [...covered.filter((part) => !touching.includes(part)), { from, to }];
}
