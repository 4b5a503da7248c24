import { IsString, MaxLength } from 'class-validator';

export class DaysQuery {
  /** First Shanghai day, `YYYY-MM-DD`. */
  @IsString()
  @MaxLength(10)
  from: string;

  /** Half-open: the day after the last one. */
  @IsString()
  @MaxLength(10)
  to: string;
}

/** Distinct people; when not `exact` an estimate (standard error 1.6 %), shown with 「约」. */
export class PeopleDto {
  count: number;
  exact: boolean;
}
