/** What a Redis tells of itself, as far as a queue depends on it. */
export interface ServerFacts {
  readonly version: string;
  /** `maxmemory-policy`: what it throws away when its memory is full. */
  readonly eviction: string;
  /** Whether it writes each change into a file that it reads after a restart. */
  readonly appendOnly: boolean;
}

/** Whether a Redis may be used. */
export interface Verdict {
  /** Why not, and what to do; null when it may. */
  readonly refusal: string | null;
  /** What may be but had better be otherwise. */
  readonly warning: string | null;
}

/** BullMQ's own recommendation; below it, it writes warnings past our log. */
const oldest = [6, 2] as const;

/** Reads the answer to `INFO`, which managed Redis gives where it refuses `CONFIG`. */
export function readFacts(info: string): ServerFacts {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]?.trim() ?? '';
  return {
    version: field('redis_version'),
    eviction: field('maxmemory_policy'),
    appendOnly: field('aof_enabled') === '1',
  };
}

/** Judges them. */
export function judge({ version, eviction, appendOnly }: ServerFacts): Verdict {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (!(major > oldest[0] || (major === oldest[0] && minor >= oldest[1])))
    return refused(`this is version "${version}"; expected Redis ${oldest.join('.')} or newer (or Valkey)`);
  if (eviction !== 'noeviction')
    return refused(
      `its maxmemory-policy is "${eviction}", which throws jobs away when memory is full; set maxmemory-policy noeviction`,
    );
  const warning = 'its AOF is off: a restart forgets the queue, which is then filled anew; set appendonly yes';
  return { refusal: null, warning: appendOnly ? null : warning };
}

function refused(refusal: string): Verdict {
  return { refusal, warning: null };
}
