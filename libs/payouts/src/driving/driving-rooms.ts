import { ChannelBlocksRepository } from '../channels/channel-blocks.repository';
import { RateGate } from '../channels/rate-gate';
import { RateLimits } from '../channels/rate-limits';
import { RateSlotsRepository } from '../channels/rate-slots.repository';
import { AttemptsRepository } from './attempts.repository';
import { BeginExchanges } from './begin-exchanges';
import { Bills } from './bills';
import { CheckBill } from './check-bill';
import { ChannelBreaker } from './channel-breaker';
import { DailyCeilings } from './daily-ceilings';
import { DrivePayout } from './drive-payout';
import { DrivePayouts } from './drive-payouts';
import { JudgeExchanges } from './judge-exchanges';
import { MerchantDaysRepository } from './merchant-days.repository';
import { PayoutsRepository } from './payouts.repository';
import { PrepareSends } from './prepare-sends';
import { ReconcilePayouts, SendPayoutHandler } from './reconcile-payouts';
import { RecordOutcome } from './record-outcome';
import { Recovery } from './recovery';
import { RecoveryState } from './recovery-state';
import { RefreshPayout } from './refresh-payout';
import { CheckBillHandler } from './check-bill.handler';
import { RefundSettled } from './refund-settled';
import { RequestPayout } from './request-payout';
import { RestoreWatch } from './restore-watch';
import { SendPermits } from './send-permits';
import { SettlePayouts } from './settle-payouts';
import { Talk } from './talk';
import { UnpayablePayouts } from './unpayable-payouts';

export const DRIVING_DOOR = [DrivePayout, DrivePayouts, ReconcilePayouts, Recovery, RefreshPayout, RequestPayout];

export const DRIVING_ROOMS = [
  AttemptsRepository,
  BeginExchanges,
  Bills,
  ChannelBlocksRepository,
  ChannelBreaker,
  CheckBill,
  DailyCeilings,
  JudgeExchanges,
  MerchantDaysRepository,
  PayoutsRepository,
  PrepareSends,
  RateGate,
  RateLimits,
  RateSlotsRepository,
  RecordOutcome,
  RecoveryState,
  RefundSettled,
  CheckBillHandler,
  RestoreWatch,
  SendPayoutHandler,
  SendPermits,
  SettlePayouts,
  Talk,
  UnpayablePayouts,
];
