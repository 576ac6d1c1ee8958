/*
 * Places the steps of a job in layers from left to right.
 *
 * A step is one layer right of the last of its producers; one without producers is just left of its
 * first consumer. An edge that passes layers gets an invisible step in each, so that it goes around
 * the visible ones. The order within a layer follows the mean of the neighbours; a few sweeps in
 * both directions are enough for the size of jobs.
 */

const SWEEPS = 12;

/**
 * Returns `{boxes, routes, width, height}`: the left upper corner of each node by its id, and the
 * points of each edge, in the order of `edges`.
 *
 * @param ids producers before their consumers; an edge against that order has no say
 * @param edges `[source, target]`
 * @param size `{width, height, gapX, gapY}` of a box and between two
 */
export function layered(ids, edges, size) {
  const layers = [];
  const place = (node) => {
    (layers[node.layer] ??= []).push(node);
    return node;
  };

  const layerOf = layersOf(ids, edges);
  const nodes = new Map(
    ids.map((id) => [id, place({ layer: layerOf.get(id), height: size.height, before: [], after: [] })]),
  );
  const chains = edges.map(([source, target]) => {
    const chain = [nodes.get(source)];
    for (let layer = layerOf.get(source) + 1; layer < layerOf.get(target); layer++) {
      chain.push(place({ layer, height: 0, before: [], after: [] }));
    }
    chain.push(nodes.get(target));
    for (let i = 1; i < chain.length; i++) {
      chain[i - 1].after.push(chain[i]);
      chain[i].before.push(chain[i - 1]);
    }
    return chain;
  });

  layers.forEach((layer) => spread(layer, size.gapY));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forth = sweep % 2 === 0;
    for (const layer of forth ? layers : [...layers].reverse()) {
      layer.forEach((node) => (node.wanted = meanOf(forth ? node.before : node.after) ?? node.y));
      layer.sort((one, other) => one.wanted - other.wanted);
      spread(layer, size.gapY);
    }
  }

  const all = layers.flat();
  const top = Math.min(...all.map((node) => node.y - node.height / 2));
  const bottom = Math.max(...all.map((node) => node.y + node.height / 2));
  const x = (node) => node.layer * (size.width + size.gapX);
  return {
    boxes: new Map([...nodes].map(([id, node]) => [id, { x: x(node), y: node.y - top - size.height / 2 }])),
    routes: chains.map((chain) =>
      chain.flatMap((node) => [
        { x: x(node), y: node.y - top },
        { x: x(node) + size.width, y: node.y - top },
      ]).slice(1, -1),
    ),
    width: layers.length * (size.width + size.gapX) - size.gapX,
    height: bottom - top,
  };
}

function layersOf(ids, edges) {
  const position = new Map(ids.map((id, index) => [id, index]));
  const forward = edges.filter(([source, target]) => position.get(source) < position.get(target));
  const layerOf = new Map();
  for (const id of ids) {
    const producers = forward.filter(([, target]) => target === id).map(([source]) => layerOf.get(source) + 1);
    layerOf.set(id, Math.max(0, ...producers));
  }
  for (const id of ids.filter((one) => !forward.some(([, target]) => target === one))) {
    const consumers = forward.filter(([source]) => source === id).map(([, target]) => layerOf.get(target) - 1);
    layerOf.set(id, consumers.length > 0 ? Math.min(...consumers) : 0);
  }
  return layerOf;
}

/** Gives each node the place it wants, or the next below that is free, and centres the whole. */
function spread(layer, gap) {
  let free = -Infinity;
  let moved = 0;
  for (const node of layer) {
    node.wanted ??= 0;
    node.y = Math.max(node.wanted, free + node.height / 2);
    free = node.y + node.height / 2 + gap;
    moved += node.y - node.wanted;
  }
  layer.forEach((node) => (node.y -= moved / layer.length));
}

function meanOf(nodes) {
  return nodes.length === 0 ? undefined : nodes.reduce((sum, node) => sum + node.y, 0) / nodes.length;
}
