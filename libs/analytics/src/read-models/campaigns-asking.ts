import type { Reader } from '@app/database';

/** What a rule can ask about people that somebody keeps by hand. */
export type Asked = { readonly audience: number } | { readonly tag: string };

export interface AskingCampaign {
  readonly id: number;
  readonly name: string;
}

/** Documents read at once; the next ones only when fewer than `MOST_NAMED` ask. */
const AT_ONCE = 50;
const MOST_NAMED = 10;

/**
 * Campaigns in force (paused ones and those still to begin among them) or armed, whose version asks about an audience or a tag, by id and
 * at most ten. A tag is asked about by an audience's condition as well.
 */
export async function campaignsAsking(reader: Reader, asked: Asked): Promise<AskingCampaign[]> {
  const audiences = 'tag' in asked ? await audiencesAsking(reader, asked.tag) : [asked.audience];
  const tags = 'tag' in asked ? [asked.tag] : [];
  const wanted: Wanted = { audience: new Set(audiences), tags: new Set(tags) };
  const found: AskingCampaign[] = [];
  for (let after = 0; ;) {
    const page = await documents(reader, after);
    const asking = page.filter(({ content }) => asks(JSON.parse(content), wanted));
    found.push(...asking.map(({ id, name }) => ({ id, name })));
    const last = page.at(-1);
    if (!last || page.length < AT_ONCE || found.length >= MOST_NAMED) return found.slice(0, MOST_NAMED);
    after = last.id;
  }
}

/** Only documents that speak of people at all: most do not. */
async function documents(reader: Reader, after: number): Promise<{ id: number; name: string; content: string }[]> {
  return reader.query(
    `SELECT c.id, c.name, v.content FROM campaigns c JOIN campaign_versions v ON v.id = c.current_version_id
      WHERE c.id > ? AND c.status IN ('live', 'paused', 'armed') AND (c.ends_at IS NULL OR c.ends_at > UTC_TIMESTAMP(6))
        AND (c.run_until IS NULL OR c.run_until > UTC_TIMESTAMP(6))
        AND (LOCATE('"audience"', v.content) > 0 OR LOCATE('"tags"', v.content) > 0)
      ORDER BY c.id LIMIT ${AT_ONCE}`,
    [after],
  );
}

/** Audiences there are a thousand at most. */
async function audiencesAsking(reader: Reader, tag: string): Promise<number[]> {
  const rows = await reader.query<{ id: number; tree: string }>(
    `SELECT id, rule_tree AS tree FROM audiences WHERE rule_tree IS NOT NULL AND LOCATE('"tags"', rule_tree) > 0`,
  );
  const wanted: Wanted = { audience: new Set(), tags: new Set([tag]) };
  return rows.filter(({ tree }) => asks(JSON.parse(tree), wanted)).map(({ id }) => id);
}

interface Wanted {
  readonly audience: ReadonlySet<unknown>;
  readonly tags: ReadonlySet<unknown>;
}

/** Looks at every leaf `{field, op, value}`, wherever in the document it stands. */
function asks(node: unknown, wanted: Wanted): boolean {
  if (typeof node !== 'object' || node === null) return false;
  const { field, value } = node as { field?: unknown; value?: unknown };
  const values = Array.isArray(value) ? value : [value];
  if (field === 'audience' && values.some((one) => wanted.audience.has(one))) return true;
  if (field === 'tags' && values.some((one) => wanted.tags.has(one))) return true;
  return Object.values(node).some((part) => asks(part, wanted));
}
