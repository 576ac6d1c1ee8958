// The job in the past: a lane for each step, and a table of its episodes.

import { fitted, html, svg } from './elements.js';
import { clock, duration, moment, pastKind, percent } from './words.js';

const NAMES = 210;
const LANE = { height: 46, share: 28, gap: 6 };
const AXIS = 22;
const RIGHT = 46;

/** Times between two ticks, in minutes; the first that makes few enough is taken. */
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240];
const MOST_TICKS = 12;

/** Draws lanes as wide as `width`; `onPoint` is told what is under the pointer, in words. */
export function drawTimeline(history, episodes, width, onPoint) {
  const { from, to, step, vertices, causes } = history;
  const names = new Map(vertices.map((vertex) => [vertex['vertex-id'], vertex['vertex-name']]));
  const plot = Math.max(200, width - NAMES - RIGHT);
  const x = (time) => (Math.min(Math.max(time, from), to) - from) * (plot / (to - from));
  const height = vertices.length * (LANE.height + LANE.gap) + AXIS;
  const drawing = svg('svg', { width: NAMES + plot + RIGHT, height, role: 'list', 'aria-label': 'Steps over time' });

  const axis = svg('g', { transform: `translate(${NAMES} 0)`, 'aria-hidden': 'true' });
  vertices.forEach((vertex, index) => {
    const ofVertex = (one) => one['vertex-id'] === vertex['vertex-id'];
    const lane = drawLane(vertex, causes.filter(ofVertex), episodes.filter(ofVertex), x, history, plot);
    lane.setAttribute('transform', `translate(0 ${index * (LANE.height + LANE.gap)})`);
    lane.addEventListener('pointermove', (event) => {
      const offset = event.clientX - drawing.getBoundingClientRect().left - NAMES;
      onPoint(figures(vertex, causes, names, from + (offset / plot) * (to - from), step));
    });
    drawing.append(lane);
  });
  for (const time of ticks(from, to)) {
    axis.append(
      svg('line', { class: 'grid', x1: x(time), x2: x(time), y2: height - AXIS + 3 }),
      svg('text', { class: 'tick', x: x(time), y: height - 5 }, clock(time, false)),
    );
  }
  drawing.prepend(axis);
  return drawing;
}

function drawLane(vertex, causes, episodes, x, { step }, plot) {
  const worst = vertex.points.reduce((most, point) => Math.max(most, point.backpressured), 0);
  const lane = svg('g', {
    class: 'lane',
    role: 'listitem',
    'aria-label':
      `${vertex['vertex-name']}: held back ${percent(worst)} of the time at most, ` +
      `${episodes.length} episodes${causes.length > 0 ? ', held back others' : ''}`,
  });
  const bars = svg('g', { transform: `translate(${NAMES} 0)` });
  bars.append(
    svg('rect', { class: 'lane-ground', width: plot, height: LANE.share }),
    svg('path', { class: 'lane-share', d: outline(vertex.points, 'backpressured', x, step, true) }),
    svg('path', { class: 'lane-worst', d: outline(vertex.points, 'backpressured-max', x, step, false) }),
  );
  for (const episode of episodes) {
    const [start, end] = [x(episode.start), x(episode.start + episode.duration)];
    if (end > 0 && start < plot) {
      bars.append(
        svg(
          'rect',
          { class: 'lane-episode', x: start, y: LANE.share + 2, width: Math.max(2, end - start), height: 6 },
          svg('title', {}, describe(episode)),
        ),
      );
    }
  }
  for (const cause of causes) {
    const start = x(cause.time);
    bars.append(
      svg(
        'rect',
        {
          class: 'lane-cause',
          x: start,
          y: LANE.share + 10,
          // Without the seams that two adjacent ones would show.
          width: Math.max(1, x(cause.time + step) - start + 0.4),
          height: 6,
        },
        svg('title', {}, `${vertex['vertex-name']} held back others: ${pastKind(cause.kind)}`),
      ),
    );
  }
  lane.append(
    svg('title', {}, vertex['vertex-name']),
    svg('text', { class: 'lane-name', y: 20 }, fitted(vertex['vertex-name'], NAMES - 12, 12)),
    bars,
    svg('text', { class: 'scale', x: NAMES + plot + 6, y: 8 }, '100 %'),
    svg('text', { class: 'scale', x: NAMES + plot + 6, y: LANE.share }, '0 %'),
  );
  return lane;
}

/** A step function with gaps where nothing was reported. */
function outline(points, field, x, step, closed) {
  const level = (share) => LANE.share * (1 - Math.min(1, share));
  let path = '';
  let last;
  points.forEach((point, index) => {
    const [start, end] = [x(point.time), x(point.time + step)];
    const goesOn = last !== undefined && point.time - last <= step * 1.5;
    path += goesOn ? `H${start}` : `M${start} ${closed ? LANE.share : level(point[field])}`;
    path += `V${level(point[field])}H${end}`;
    const next = points[index + 1];
    if (closed && !(next && next.time - point.time <= step * 1.5)) {
      path += `V${LANE.share}Z`;
    }
    last = point.time;
  });
  return path;
}

function ticks(from, to) {
  const minutes = TICKS.find((each) => (to - from) / (each * 60_000) <= MOST_TICKS) ?? TICKS[TICKS.length - 1];
  const each = minutes * 60_000;
  // Round by the reader's clock, not by that of Greenwich.
  const offset = new Date(to).getTimezoneOffset() * 60_000;
  const found = [];
  for (let time = Math.ceil((from - offset) / each) * each + offset; time <= to; time += each) {
    found.push(time);
  }
  return found;
}

function figures(vertex, causes, names, time, step) {
  const covers = (one) => one.time <= time && time < one.time + step;
  const point = vertex.points.find(covers);
  if (!point) {
    return `${moment(time)}  ${vertex['vertex-name']}: no report`;
  }
  const cause = causes.find(covers);
  const by = cause
    ? `; first cause in the job: ${names.get(cause['vertex-id']) ?? cause['vertex-id']} (${pastKind(cause.kind)})`
    : '';
  return (
    `${moment(point.time)}  ${vertex['vertex-name']}: held back ${percent(point.backpressured)} ` +
    `(worst subtask ${percent(point['backpressured-max'])}), busiest subtask ${percent(point['busy-max'])} busy${by}`
  );
}

// --- episodes ------------------------------------------------------------------------------------

export function episodeRow(episode) {
  const by = causesOf(episode);
  const step = episode['vertex-name'];
  return html(
    'tr',
    {},
    html('td', {}, moment(episode.start)),
    html('td', episode.ongoing ? { class: 'ongoing' } : {}, lengthOf(episode)),
    html('td', { title: step }, step),
    html('td', { class: 'number', title: `on TaskManager ${episode['taskmanager-id']}` }, String(episode.subtask)),
    html('td', { class: 'number' }, percent(episode.backpressured)),
    html('td', { title: by }, by),
  );
}

function describe(episode) {
  return [
    `${episode['vertex-name']}, subtask ${episode.subtask}`,
    `${moment(episode.start)}, ${lengthOf(episode)}`,
    `held back ${percent(episode.backpressured)} of that time by: ${causesOf(episode)}`,
  ].join('\n');
}

function lengthOf(episode) {
  return duration(episode.duration) + (episode.ongoing ? ', goes on' : '');
}

function causesOf(episode) {
  const causes = episode['caused-by'].map((cause) => `${cause['vertex-name']} (${pastKind(cause.kind)})`);
  return causes.length > 0 ? causes.join(', ') : 'not known';
}
