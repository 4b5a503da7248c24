import { Injectable } from '@nestjs/common';
import { RunsEvery } from '@app/jobs';
import { ReplayChunks } from './replay-chunks';

/** Housekeeping of packed scans. */
@Injectable()
export class KeepChunks {
  constructor(private readonly chunks: ReplayChunks) {}

  @RunsEvery('scans.purge-replay-chunks', () => 3_600_000)
  async run(): Promise<void> {
    await this.chunks.purge();
  }
}
