import { ApiProperty } from '@nestjs/swagger';

export class IntervalDto {
  value: number;
  /** 95 %. */
  low: number;
  high: number;
}

export class ExperimentArmDto {
  key: string;
  name: string;
  /** The first arm: what the others are compared with. */
  control: boolean;
  /** Parts per million. */
  weight: number;
  members: number;
  scans: number;
  /** Members whose days to return are over. */
  matured: number;
  @ApiProperty({ type: IntervalDto, nullable: true })
  claimRate: IntervalDto | null;
  @ApiProperty({ type: IntervalDto, nullable: true })
  returnRate: IntervalDto | null;
  /** Fen won per member who returned. */
  @ApiProperty({ type: IntervalDto, nullable: true })
  costPerReturning: IntervalDto | null;
}

export class ArmComparisonDto {
  arm: string;
  metric: 'claim_rate' | 'return_rate' | 'cost_per_returning';
  /** The arm less the control. */
  @ApiProperty({ type: IntervalDto, nullable: true })
  difference: IntervalDto | null;
  method: 'Newcombe' | 'delta';
  verdict: 'better' | 'worse' | 'inconclusive';
  sentence: string;
}

export class SampleRatioDto {
  ok: boolean;
  p: number;
  statistic: number;
  degrees: number;
}

export class ExperimentVerdictDto {
  kind: 'decided' | 'inconclusive' | 'invalid';
  @ApiProperty({ type: [String] })
  sentences: readonly string[];
}

export class ExperimentNameDto {
  key: string;
  name: string;
  returnDays: number;
}

export class ExperimentDto {
  campaignId: number;
  experiment: ExperimentNameDto;
  from: Date;
  /** Half-open. */
  to: Date;
  @ApiProperty({ type: [ExperimentArmDto] })
  arms: readonly ExperimentArmDto[];
  ratio: SampleRatioDto;
  @ApiProperty({ type: [ArmComparisonDto] })
  comparisons: readonly ArmComparisonDto[];
  verdict: ExperimentVerdictDto;
}
