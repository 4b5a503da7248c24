/** Number of what was made. */
export class MadeDto {
  id: number;
}
