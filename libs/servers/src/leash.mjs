import { spawn } from 'node:child_process';

/**
 * Children are started in their own process groups, so that Ctrl-C reaches only us and we can stop them in the right order.
 * The price: they would outlive a parent that is killed hard. This shell of a few lines reads the pids from a pipe and, when
 * the pipe ends without a word (we died), ends them.
 */
const SCRIPT = `
trap '' INT TERM HUP
pids=" "
while read -r word pid; do
  case "$word" in
    hold) pids="$pids$pid " ;;
    free) pids=$(printf '%s' "$pids" | sed "s/ $pid / /") ;;
    done) exit 0 ;;
  esac
done
for pid in $pids; do kill -TERM "$pid" 2>/dev/null; done
sleep 10
for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
`;

/** One leash per parent process, made with the first child. */
let leash = null;
let held = 0;

function pipe() {
  if (leash) return leash.stdin;
  leash = spawn('sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  leash.on('error', () => undefined);
  leash.stdin.on('error', () => undefined);
  leash.unref();
  leash.stdin.unref?.();
  return leash.stdin;
}

export function hold(pid) {
  held += 1;
  pipe().write(`hold ${pid}\n`);
}

/** Says that `pid` ended; with the last one the shell goes too. */
export function release(pid) {
  held -= 1;
  pipe().write(`free ${pid}\n`);
  if (held > 0) return;
  leash.stdin.end('done 0\n');
  leash = null;
}
