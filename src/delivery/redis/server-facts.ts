/** Facts about a Redis server that matter for a queue. */
export interface ServerFacts {
  readonly version: string;
  /** `maxmemory-policy`: what is evicted when memory is full. */
  readonly eviction: string;
  /** Whether each change is appended to a file that is read after a restart. */
  readonly appendOnly: boolean;
}

/** Whether a Redis server may be used. */
export interface Verdict {
  /** Why it must not be used and what to do, or null. */
  readonly refusal: string | null;
  /** What should be changed, or null. */
  readonly warning: string | null;
}

/** BullMQ's recommended minimum. Below it, BullMQ prints warnings to the console. */
const oldest = [6, 2] as const;

/** Parses the answer to `INFO`, which managed Redis services allow even if they refuse `CONFIG`. */
export function readFacts(info: string): ServerFacts {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]?.trim() ?? '';
  return {
    version: field('redis_version'),
    eviction: field('maxmemory_policy'),
    appendOnly: field('aof_enabled') === '1',
  };
}

/** Decides whether a server with these facts may be used. */
export function judge({ version, eviction, appendOnly }: ServerFacts): Verdict {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (!(major > oldest[0] || (major === oldest[0] && minor >= oldest[1])))
    return refused(`this is version "${version}"; expected Redis ${oldest.join('.')} or newer (or Valkey)`);
  if (eviction !== 'noeviction')
    return refused(
      `its maxmemory-policy is "${eviction}", which drops jobs when memory is full; set maxmemory-policy noeviction`,
    );
  const warning = 'its AOF is off, so a restart loses the queue, which is then refilled; set appendonly yes';
  return { refusal: null, warning: appendOnly ? null : warning };
}

function refused(refusal: string): Verdict {
  return { refusal, warning: null };
}
