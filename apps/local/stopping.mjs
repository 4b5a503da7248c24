/** An end that was foreseen: the text is meant for the person in front of the screen and needs no stack. */
export class PlainError extends Error {}

/** Runs a command of this folder: foreseen ends print their text alone, others print their stack; both exit 1. */
export async function runCommand(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    const foreseen = error instanceof PlainError || error?.constructor?.name === 'NoServers';
    console.error(`\n${foreseen ? error.message : (error?.stack ?? error)}\n`);
    process.exitCode = 1;
  }
}

/**
 * Calls `stop` once on the first SIGINT, SIGTERM or SIGHUP. A terminal and npm may both deliver the same Ctrl-C, so a second
 * one counts only after a second; then it ends us at once and the leash of libs/servers ends the children.
 */
export function onStopSignal(stop) {
  let firstAt = 0;
  const hear = (signal) => {
    if (firstAt === 0) {
      firstAt = Date.now();
      stop(signal);
    } else if (Date.now() - firstAt > 1_000) {
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, hear);
}
