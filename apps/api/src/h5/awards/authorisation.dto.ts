import { ApiProperty } from '@nestjs/swagger';
import { AUTHORISATION_STANDINGS, type AuthorisationStanding } from '@app/payouts';
import { TransferConfirmDto } from './awards.dto';

/** Whether money arrives without a tap (免确认收款). */
export class AuthorisationDto {
  /**
   * off: none. preparing: WeChat is being asked, look again. confirm: hand `confirm` to requestMerchantTransfer. on: money arrives by
   * itself. ending: taken back, WeChat is being told. unavailable: it cannot be had for now.
   */
  @ApiProperty({ enum: AUTHORISATION_STANDINGS })
  state: AuthorisationStanding;
  /** Show the offer: this person was never asked and could be. */
  offered: boolean;
  /** One sentence for the person. */
  hint: string | null;
  confirm: TransferConfirmDto | null;
  /** Until when WeChat waits for the person. ISO 8601, UTC. */
  expiresAt: string | null;
  /** ISO 8601, UTC. */
  agreedAt: string | null;
}
