import { Injectable } from '@nestjs/common';
import { DrivePayouts } from './drive-payouts';

/** The same as DrivePayouts for a single payout. */
@Injectable()
export class DrivePayout {
  constructor(private readonly line: DrivePayouts) {}

  run(payoutKey: string): Promise<void> {
    return this.line.run([payoutKey]);
  }
}
