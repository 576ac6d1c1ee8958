// The job as it is now: a box for each step, with what it does with its time.

import { fitted, svg, widthOf } from './elements.js';
import { layered } from './layout.js';
import { NOTICEABLE, badge, clock, duration, percent } from './words.js';

const SIZE = { width: 248, height: 112, gapX: 66, gapY: 34 };
const MARGIN = { x: 6, top: 16, bottom: 8 };
const PADDING = 11;
const INNER = SIZE.width - 2 * PADDING;
const SMALLEST_SCALE = 0.75;

export function drawGraph(report) {
  const vertices = new Map(report.vertices.map((vertex) => [vertex['vertex-id'], vertex]));
  const causes = new Map(report.causes.map((cause) => [cause['vertex-id'], cause]));
  const edges = report.edges.filter((edge) => vertices.has(edge.source) && vertices.has(edge.target));
  const layout = layered([...vertices.keys()], edges.map((edge) => [edge.source, edge.target]), SIZE);

  const width = layout.width + 2 * MARGIN.x;
  const height = layout.height + MARGIN.top + MARGIN.bottom;
  const drawing = svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'list', 'aria-label': 'Steps of the job' });
  drawing.style.width = '100%';
  drawing.style.maxWidth = `${width}px`;
  drawing.style.minWidth = `${width * SMALLEST_SCALE}px`;
  const content = svg('g', { transform: `translate(${MARGIN.x} ${MARGIN.top})` });
  edges.forEach((edge, index) => content.append(drawEdge(edge, layout.routes[index], vertices)));
  edges.forEach((edge, index) => content.append(...edgeLabel(edge, layout.routes[index], vertices)));
  for (const [id, vertex] of vertices) {
    const { x, y } = layout.boxes.get(id);
    const step = drawStep(vertex, causes.get(id), vertices, report.timestamp);
    step.setAttribute('transform', `translate(${x} ${y})`);
    content.append(step);
  }
  drawing.append(svg('defs', {}, arrow('arrow', 7), arrow('arrow-held-back', 13)), content);
  return drawing;
}

// --- steps ---------------------------------------------------------------------------------------

function drawStep(vertex, cause, vertices, now) {
  const heldBack = vertex.backpressured >= NOTICEABLE;
  const kind = !cause ? '' : cause.role === 'NEXT' ? 'next' : 'cause';
  const by = namesOf(vertex['caused-by'], vertices);
  const lines = {
    parallelism: parallelismOf(vertex),
    shares:
      vertex.subtasks === 0
        ? 'no report yet'
        : `working ${percent(vertex.busy)}, held back ${percent(vertex.backpressured)}, idle ${percent(vertex.idle)}`,
    by: heldBack ? `held back ${percent(vertex.backpressured)}${by ? ` by ${by}` : ''}` : '',
    since: sinceOf(vertex, now),
  };
  const description = [vertex['vertex-name'], cause ? badge(cause) : '', ...Object.values(lines)];

  const step = svg(
    'g',
    {
      class: `step ${kind} ${heldBack ? 'held-back' : ''}`,
      role: 'listitem',
      'aria-label': description.filter((text) => text).join(', '),
    },
    svg('title', {}, [description[0], cause?.message ?? '', lines.by, lines.since].filter((text) => text).join('\n')),
    svg('rect', { class: 'box', width: SIZE.width, height: SIZE.height, rx: 5 }),
    text(fitted(vertex['vertex-name'], INNER, 13, 600), 22, 'name'),
    text(fitted(lines.parallelism, INNER, 11), 38, 'small quiet'),
    drawBar(vertex),
    text(lines.shares, 73, 'small'),
    text(fitted(lines.by, INNER, 11), 89, 'small by'),
    text(lines.since, 103, 'small quiet'),
  );
  if (cause) {
    step.append(drawBadge(badge(cause)));
  }
  return step;
}

function text(content, y, style) {
  return svg('text', { x: PADDING, y, class: style }, content);
}

function drawBar(vertex) {
  const parts = { working: vertex.busy, 'held-back': vertex.backpressured, idle: vertex.idle };
  const whole = Math.max(1, Object.values(parts).reduce((sum, share) => sum + share, 0));
  const bar = svg('g', { transform: `translate(${PADDING} 46)`, 'aria-hidden': 'true' });
  let x = 0;
  for (const [part, share] of Object.entries(parts)) {
    const width = (share / whole) * INNER;
    bar.append(svg('rect', { class: part, x, width, height: 13 }));
    x += width;
  }
  bar.append(svg('rect', { class: 'bar-frame', width: INNER, height: 13 }));
  return bar;
}

function drawBadge(words) {
  const shown = fitted(words, INNER - 24, 11, 600);
  const width = widthOf(shown, 11, 600) + 18;
  return svg(
    'g',
    { transform: `translate(${SIZE.width - width - 8} -10)`, 'aria-hidden': 'true' },
    svg('rect', { class: 'badge-box', width, height: 19, rx: 9.5 }),
    svg('text', { class: 'badge-text', x: 9, y: 13.5 }, shown),
  );
}

function parallelismOf(vertex) {
  const parts = [`parallelism ${vertex.parallelism}`];
  if (vertex.subtasks > 0 && vertex.subtasks < vertex.parallelism) {
    parts.push(`${vertex.subtasks} reported`);
  }
  if (vertex.status !== 'RUNNING') {
    parts.push(vertex.status);
  }
  return parts.join(', ');
}

function sinceOf(vertex, now) {
  const since = vertex['backpressured-since'];
  return since === undefined ? '' : `since ${clock(since)}, for ${duration(now - since)}`;
}

function namesOf(ids, vertices) {
  return ids.map((id) => vertices.get(id)?.['vertex-name'] ?? id).join(', ');
}

// --- edges ---------------------------------------------------------------------------------------

function drawEdge(edge, points, vertices) {
  const heldBack = holdsBack(edge, vertices);
  const [source, target] = [vertices.get(edge.source), vertices.get(edge.target)];
  const words = [`${source['vertex-name']} to ${target['vertex-name']}`];
  if (edge.blocked !== undefined) {
    words.push(`held back ${percent(edge.blocked)} of the time`);
  } else if (heldBack) {
    words.push('held back');
  }
  if (edge['pool-usage'] !== undefined) {
    words.push(`${percent(edge['pool-usage'])} of the buffers in use`);
  }
  return svg(
    'g',
    { class: `edge ${heldBack ? 'held-back' : ''}`, role: 'listitem', 'aria-label': words.join(', ') },
    svg('title', {}, words.join('\n')),
    svg('path', { d: curve(points), 'marker-end': `url(#${heldBack ? 'arrow-held-back' : 'arrow'})` }),
  );
}

/** Above all edges, so that none crosses it out. */
function edgeLabel(edge, points, vertices) {
  if (edge['pool-usage'] === undefined || !holdsBack(edge, vertices)) {
    return [];
  }
  const [from, to] = points.slice(-2);
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  return [
    svg('text', { class: 'edge-label', x, y: y - 20 }, 'buffers'),
    svg('text', { class: 'edge-label', x, y: y - 8 }, `${percent(edge['pool-usage'])} full`),
  ];
}

/** By its own figures; without them, by whether both ends wait for the same. */
function holdsBack(edge, vertices) {
  if (edge.blocked !== undefined) {
    return edge.blocked >= NOTICEABLE;
  }
  const source = vertices.get(edge.source);
  const target = vertices.get(edge.target);
  const causes = source['caused-by'];
  return (
    source.backpressured >= NOTICEABLE &&
    (causes.includes(edge.target) ||
      causes.includes(edge.source) ||
      (target.backpressured >= NOTICEABLE && target['caused-by'].some((id) => causes.includes(id))))
  );
}

function curve(points) {
  const [start, ...rest] = points;
  let path = `M${start.x} ${start.y}`;
  let last = start;
  rest.forEach((point, index) => {
    // The tip of the arrow touches the box.
    const x = index === rest.length - 1 ? point.x - 8 : point.x;
    const bend = (x - last.x) / 2;
    path += ` C${last.x + bend} ${last.y} ${x - bend} ${point.y} ${x} ${point.y}`;
    last = point;
  });
  return path;
}

function arrow(id, height) {
  return svg(
    'marker',
    {
      id,
      viewBox: '0 0 8 8',
      markerWidth: 8,
      markerHeight: height,
      refX: 0,
      refY: 4,
      orient: 'auto',
      markerUnits: 'userSpaceOnUse',
      preserveAspectRatio: 'none',
    },
    svg('path', { class: `arrow ${id === 'arrow' ? '' : 'held-back'}`, d: 'M0 0 L8 4 L0 8 z' }),
  );
}
