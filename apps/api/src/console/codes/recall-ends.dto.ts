import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';

export class EndRecallDto {
  /** Why the product may be drunk again; for staff, drinkers never read it. */
  @IsString()
  @MaxLength(255)
  reason: string;
}

export class EndRangeRecallDto extends EndRecallDto {
  @IsInt()
  @Min(0)
  @Max(15)
  layer: number;

  @IsInt()
  @Min(0)
  from: number;

  /** Half-open. */
  @IsInt()
  @Min(1)
  to: number;
}

export class RecallEndedDto {
  /** Codes that are recalled no longer. */
  codes: number;
  /** How many of them are on sale again. */
  active: number;
}

export class LotRecallEndedDto extends RecallEndedDto {
  batches: number;
}
