/*
 * The backpressure page: asks the REST API every few seconds and draws what it says.
 *
 * One round of requests follows the other, never two at once, and none while nobody sees the page.
 * A part is drawn again only if its answer has changed, so that nothing moves under the reader's
 * pointer. While there is no answer, the last one stays, dimmed, under a line that says so; it is
 * not dimmed if only the past is missing.
 */

import { html } from './elements.js';
import { drawGraph } from './graph.js';
import { drawTimeline, episodeRow } from './timeline.js';
import { badge, ended, headline, moment } from './words.js';

/** Between two rounds, at least. */
const PAUSE_MILLIS = 3_000;

/** Of a job that has ended nothing new is expected. */
const ENDED_PAUSE_MILLIS = 60_000;

const TIMEOUT_MILLIS = 15_000;
const MOST_EPISODES = 200;

/** The history is as coarse as its range, so it is asked for less often. */
const HISTORY_MILLIS = { 10: 5_000, 60: 10_000, 1440: 60_000 };

/** How often the charts follow the width of the window. */
const RESIZE_MILLIS = 150;

const job = new URLSearchParams(location.search).get('job');
const part = (id) => document.getElementById(id);

/** The last answers of the past, what was asked for, and when. */
const seen = { history: undefined, episodes: undefined, range: undefined, historyAt: 0 };
let lastAnswer = Date.now();

/** Whether the next round is to come at once, and what ends the pause before it. */
let hurry = false;
let endPause = () => {};

// --- requests ------------------------------------------------------------------------------------

/** What the server itself says about why it has no answer. */
class Refusal extends Error {}

/** No answer at all. */
class Silence extends Error {}

/** Relative to this page, so that it also works behind a proxy that adds a path. */
async function get(path) {
  const gaveUp = new AbortController();
  const timer = setTimeout(() => gaveUp.abort(), TIMEOUT_MILLIS);
  let response;
  let text;
  try {
    response = await fetch(`../${path}`, { signal: gaveUp.signal, cache: 'no-store' });
    text = await response.text();
  } catch (failure) {
    throw new Silence(failure.message);
  } finally {
    clearTimeout(timer);
  }
  lastAnswer = Date.now();
  if (!response.ok) {
    throw new Refusal(errorsOf(text) ?? `The JobManager answers ${response.status} ${response.statusText}.`);
  }
  return JSON.parse(text);
}

/** Flink puts the stack trace behind the message; readers need the message. */
function errorsOf(text) {
  try {
    const { errors } = JSON.parse(text);
    return errors?.length > 0 ? errors.map((error) => String(error).split('\n')[0]).join('\n') : undefined;
  } catch {
    return undefined;
  }
}

/** @param round returns how long to wait for the next, in milliseconds */
async function poll(round) {
  document.addEventListener('visibilitychange', () => isSeen() && wakeUp());
  for (;;) {
    hurry = false;
    if (isSeen()) {
      let millis = PAUSE_MILLIS;
      try {
        millis = await round();
      } catch (failure) {
        showTrouble(troubleOf(failure), true);
      }
      await pause(millis);
    } else {
      await pause();
    }
  }
}

function isSeen() {
  return document.visibilityState === 'visible';
}

/** Without a limit, until somebody wakes us up. */
async function pause(millis) {
  if (hurry) {
    return;
  }
  let timer;
  await new Promise((resolve) => {
    endPause = resolve;
    timer = millis === undefined ? undefined : setTimeout(resolve, millis);
  });
  clearTimeout(timer);
}

function wakeUp() {
  hurry = true;
  endPause();
}

function troubleOf(failure) {
  if (failure instanceof Refusal) {
    return failure.message;
  }
  if (failure instanceof Silence) {
    return `No answer from the JobManager since ${moment(lastAnswer)}. Trying again every ${PAUSE_MILLIS / 1000} s.`;
  }
  console.error(failure);
  return `The answer of the JobManager cannot be shown: ${failure}`;
}

/** Asks for a part of the past and returns what is wrong with it, if anything. */
async function troubleWith(title, ask) {
  try {
    await ask();
    return '';
  } catch (failure) {
    const reason = failure instanceof Silence ? 'The JobManager gave no answer to that.' : troubleOf(failure);
    return `'${title}' is not up to date. ${reason}`;
  }
}

/** @param isStale whether all that is shown is old */
function showTrouble(text, isStale) {
  const trouble = part('trouble');
  if (trouble.textContent !== text) {
    trouble.textContent = text;
  }
  trouble.hidden = text === '';
  part('report').classList.toggle('stale', isStale);
  part('jobs').classList.toggle('stale', isStale);
}

// --- the list of jobs ----------------------------------------------------------------------------

async function roundOfJobs() {
  const { jobs } = await get('jobs/overview');
  const running = jobs.filter((one) => !ended(one.state)).sort((one, other) => other['start-time'] - one['start-time']);
  showTrouble('', false);
  part('jobs').hidden = false;
  if (changed('jobs', running.map(({ jid, name, state }) => [jid, name, state]))) {
    part('job-list').replaceChildren(
      ...(running.length > 0 ? running.map(jobItem) : [html('li', {}, 'No job is running.')]),
    );
  }
  return PAUSE_MILLIS;
}

function jobItem({ jid, name, state, 'start-time': start }) {
  return html(
    'li',
    {},
    html('a', { href: `backpressure.html?job=${encodeURIComponent(jid)}` }, name),
    html('small', {}, `${state}, started ${moment(start)}, ${jid}`),
  );
}

// --- one job -------------------------------------------------------------------------------------

async function roundOfJob() {
  const routes = `jobs/${encodeURIComponent(job)}/backpressure`;
  const report = await get(routes);
  showReport(report);
  part('report').classList.remove('stale'); // What follows may take long.

  // Each by itself: one that fails does not hide the other.
  const troubles = (
    await Promise.all([
      troubleWith('When it happened', () => askEpisodes(routes)),
      troubleWith('Held back over time', () => askHistory(routes, report)),
    ])
  ).filter((trouble) => trouble !== '');
  showTimeline();
  showTrouble(troubles.join('\n'), false);
  if (troubles.length > 0) {
    return PAUSE_MILLIS;
  }
  return ended(report['job-status']) ? ENDED_PAUSE_MILLIS : Math.max(PAUSE_MILLIS, report.period);
}

async function askEpisodes(routes) {
  seen.episodes = await get(`${routes}/episodes?limit=${MOST_EPISODES}`);
  showEpisodes(seen.episodes);
}

async function askHistory(routes, report) {
  const minutes = chosenRange();
  // Until the end of the last report: of a job that has ended, its last hour is shown.
  if (report.timestamp > 0 && (seen.range !== minutes || Date.now() - seen.historyAt >= HISTORY_MILLIS[minutes])) {
    const [from, to] = [report.timestamp - minutes * 60_000, report.timestamp];
    seen.history = await get(`${routes}/history?from=${from}&to=${to}`);
    seen.historyAt = Date.now();
    seen.range = minutes;
  }
}

function chosenRange() {
  return Number(document.querySelector('input[name=range]:checked').value);
}

function showReport(report) {
  part('report').hidden = false;
  document.title = `${report['job-name']}: backpressure`;
  part('job').textContent = `${report['job-name']} (${report['job-status']})`;
  part('job').title = report['job-name'];
  const state = ended(report['job-status']) ? 'completed' : 'running';
  part('dashboard').href = `../#/job/${state}/${encodeURIComponent(job)}/overview`;
  part('as-of').textContent = report.timestamp > 0 ? `as of ${moment(report.timestamp)}` : '';
  part('graph-title').textContent = ended(report['job-status']) ? 'The job at its last report' : 'The job now';
  showHeadline(report);
  showSilent(report['silent-taskmanagers']);
  const { timestamp, vertices, edges, causes } = report;
  if (changed('graph', [timestamp, vertices, edges, causes])) {
    part('graph').replaceChildren(...(vertices.length > 0 ? [drawGraph(report)] : []));
  }
}

function showHeadline(report) {
  const [first, ...others] = report.causes;
  const holder = first && first.role !== 'NEXT' && !ended(report['job-status']) ? first : undefined;
  const sentence = headline(report);
  if (!changed('headline', [sentence, report.causes])) {
    return;
  }
  const lines = [html('p', { class: 'sentence', title: holder?.['vertex-name'] ?? '' }, sentence)];
  if (holder) {
    lines.push(html('p', {}, holder.message));
  }
  const further = ended(report['job-status']) ? [] : holder ? others : report.causes;
  if (further.length > 0) {
    lines.push(html('ul', {}, ...further.map(furtherCause)));
  }
  part('headline').className = holder ? 'slow' : sentence.startsWith('Nothing is held back') ? 'fine' : '';
  part('headline').replaceChildren(...lines);
}

function furtherCause(cause) {
  return html(
    'li',
    {},
    html('span', { class: cause.role === 'NEXT' ? 'badge next' : 'badge' }, badge(cause)),
    cause.message.includes(cause['vertex-name']) ? '' : html('strong', {}, `${cause['vertex-name']}: `),
    cause.message,
  );
}

function showSilent(silent) {
  part('silent').hidden = silent.length === 0;
  part('silent').textContent = silent
    .map((one) => `TaskManager ${one['taskmanager-id']} does not answer, its subtasks are missing here: ${one.reason}`)
    .join('\n');
}

function showEpisodes({ episodes, kept }) {
  if (!changed('episodes', [episodes, kept])) {
    return;
  }
  const hidden = kept - episodes.length;
  part('episodes-note').textContent =
    episodes.length === 0
      ? 'No subtask was held back for long, as far as is remembered.'
      : `The latest first${hidden > 0 ? `; ${hidden} earlier ones are left out` : ''}.`;
  part('episodes').replaceChildren(...episodes.map(episodeRow));
}

function showTimeline() {
  const width = part('timeline').clientWidth;
  const episodes = seen.episodes?.episodes ?? [];
  if (seen.history && changed('timeline', [seen.history, episodes, width])) {
    part('timeline').replaceChildren(
      drawTimeline(seen.history, episodes, width, (figures) => (part('moment').textContent = figures)),
    );
  }
}

const drawn = new Map();

/** Whether a part is to be drawn again, because what it shows is not what it showed. */
function changed(name, content) {
  const text = JSON.stringify(content);
  const isNew = drawn.get(name) !== text;
  drawn.set(name, text);
  return isNew;
}

// --- start ---------------------------------------------------------------------------------------

if (job === null || job === '') {
  poll(roundOfJobs);
} else {
  part('dashboard').href = `../#/job/running/${encodeURIComponent(job)}/overview`;
  part('ranges').addEventListener('change', () => wakeUp());
  let resized;
  addEventListener('resize', () => {
    clearTimeout(resized);
    resized = setTimeout(showTimeline, RESIZE_MILLIS);
  });
  poll(roundOfJob);
}
