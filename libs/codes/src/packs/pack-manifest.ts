import type { CodePack } from './code-packs.repository';
import type { Archived } from './pack-archive';
import { packFiles, type PackPlan } from './pack-files';

/** One file of a pack as its manifest tells it. */
export interface ManifestFile {
  readonly name: string;
  readonly roll: number | null;
  /** Serials of the first and the last code to be printed, and how many. */
  readonly first: number;
  readonly last: number;
  readonly codes: number;
  /** Rows behind them that are not. */
  readonly spare: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** What was planned beside what was written. */
export function filesOf(plan: PackPlan, { files }: Archived): ManifestFile[] {
  const planned = [...packFiles(plan)];
  return files.map(({ name, bytes, sha256 }, at) => {
    const { roll, from, to, honey } = planned[at]!;
    const printed = { first: from, last: to - 1, codes: to - from, spare: honey.to - honey.from };
    return { name, roll, ...printed, bytes, sha256 };
  });
}

/** What the printer checks the files against. It speaks of spare rows: who prints cannot tell what they are for. */
export function manifestOf(pack: CodePack, files: readonly ManifestFile[]): object {
  const spare = files.some((file) => file.spare > 0);
  return {
    pack: pack.id,
    batch: { id: pack.batchId, name: pack.batchName },
    ...{ layer: pack.layer, from: pack.from, to: pack.to, codes: pack.to - pack.from },
    receiver: pack.receiver,
    ...{ requestedBy: pack.requestedBy.name, approvedBy: pack.decidedBy?.name ?? null, approvedAt: pack.decidedAt },
    ...(spare && { print: '每个文件只印前 codes 个码；末尾 spare 个是余量，不印，也不用来补标' }),
    files,
  };
}
