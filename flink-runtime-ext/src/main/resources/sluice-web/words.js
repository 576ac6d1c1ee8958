// What the REST API reports, in plain words.

/** From this share on, a step counts as held back. */
export const NOTICEABLE = 0.1;

/** Of a name in the headline, in characters. */
const LONGEST_NAME = 80;

/** For each kind of cause: what a badge says, and what the headline says; the way out is in the cause's message. */
const KINDS = {
  BUSY: {
    badge: () => 'too slow',
    because: (vertex, cause) =>
      `it is busy ${percent(cause.subtasks.length > 0 ? vertex['busy-max'] : vertex.busy)} of the time`,
  },
  SKEW: {
    badge: (cause) => `uneven: ${subtasks(cause)}`,
    because: (vertex, cause) =>
      `${subtasks(cause)} ${cause.subtasks.length > 1 ? 'are' : 'is'} busy up to ` +
      `${percent(vertex['busy-max'])} of the time, all together ${percent(vertex.busy)}`,
  },
  GC: {
    badge: () => 'garbage collection',
    because: () => 'the collection of garbage takes its time',
  },
  EXTERNAL_WAIT: {
    badge: () => 'waits for something outside',
    because: () => 'it waits for something outside of Flink',
  },
  NETWORK: {
    badge: () => 'network',
    because: () => 'its results are on their way, and the next steps could take more',
  },
  HARD: {
    badge: () => 'bursts',
    because: () => 'it sends more at once than there are buffers for',
  },
};

const UNKNOWN_KIND = { badge: (cause) => cause.kind, because: (vertex, cause) => cause.kind };

function kindOf(cause) {
  return KINDS[cause.kind] ?? UNKNOWN_KIND;
}

export function badge(cause) {
  return cause.role === 'NEXT' ? 'next limit' : kindOf(cause).badge(cause);
}

/** Of a cause in the past, of which only the kind is known. */
export function pastKind(kind) {
  return kind === 'SKEW' ? 'uneven' : kindOf({ kind }).badge({ kind });
}

function subtasks(cause) {
  const numbers = cause.subtasks;
  if (numbers.length === 0) {
    return 'some subtasks';
  }
  const shown = numbers.slice(0, 3).join(', ') + (numbers.length > 3 ? ', …' : '');
  return (numbers.length > 1 ? 'subtasks ' : 'subtask ') + shown;
}

/** One sentence about the state of the job. */
export function headline(report) {
  const { vertices, causes } = report;
  if (ended(report['job-status'])) {
    return `The job has ended: ${report['job-status']}.`;
  }
  if (vertices.every((vertex) => vertex.subtasks === 0)) {
    return `Nothing is known yet: the job is ${report['job-status']}, and no TaskManager has reported.`;
  }
  const [first] = causes;
  if (first && first.role !== 'NEXT') {
    const vertex = vertices.find((one) => one['vertex-id'] === first['vertex-id']);
    const others = first['holds-back'].filter((id) => id !== first['vertex-id']).length;
    const what = others > 0 ? `holds back ${others} of ${vertices.length} steps` : 'holds back itself';
    return `${shortened(first['vertex-name'])} ${what}: ${kindOf(first).because(vertex ?? {}, first)}.`;
  }
  const heldBack = vertices.filter((vertex) => vertex.backpressured >= NOTICEABLE).length;
  return heldBack === 0
    ? 'Nothing is held back.'
    : `${heldBack} of ${vertices.length} steps are held back; it is not known by whom.`;
}

/** Of a step with many operators, the first ones. */
function shortened(name) {
  return name.length <= LONGEST_NAME ? name : name.slice(0, LONGEST_NAME - 1).trimEnd() + '…';
}

export function ended(status) {
  return ['FINISHED', 'FAILED', 'CANCELED'].includes(status);
}

export function percent(share) {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : '? %';
}

export function duration(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return minutes < 10 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The time of day, in the reader's time zone. */
export function clock(millis, withSeconds = true) {
  const text = new Date(millis).toTimeString();
  return text.slice(0, withSeconds ? 8 : 5);
}

/** The time of day, with the date unless it is today. */
export function moment(millis) {
  const date = new Date(millis);
  if (date.toDateString() === new Date().toDateString()) {
    return clock(millis);
  }
  const two = (number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(millis)}`;
}
