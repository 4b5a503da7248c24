/** The two distributions we use of jStat, which ships no types. */
declare module 'jstat' {
  export const jStat: {
    readonly normal: {
      inv(p: number, mean: number, std: number): number;
      cdf(x: number, mean: number, std: number): number;
    };
    readonly chisquare: { cdf(x: number, degrees: number): number };
  };
}
