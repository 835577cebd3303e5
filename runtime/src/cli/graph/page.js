
(() => {
  'use strict';
  const svg = document.getElementById('picture');
  const world = document.getElementById('world');
  const nodes = [...document.querySelectorAll('.node')];
  const edges = [...document.querySelectorAll('.edge')];
  const input = document.getElementById('search');
  const found = document.getElementById('found');
  const whole = { width: +svg.dataset.width, height: +svg.dataset.height };
  let x = 0, y = 0, scale = 1, hits = [], current = -1, moved = 0, untouched = true;

  const show = () => {
    untouched = false;
    world.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`);
    svg.classList.toggle('far', scale < 0.55);
  };
  const limit = (value) => Math.min(4, Math.max(0.02, value));
  const zoom = (factor, at = { x: innerWidth / 2, y: innerHeight / 2 }) => {
    const next = limit(scale * factor);
    x = at.x - (at.x - x) * next / scale;
    y = at.y - (at.y - y) * next / scale;
    scale = next;
    show();
  };
  const fit = () => {
    const top = 56, room = { width: innerWidth - 24, height: innerHeight - top - 48 };
    scale = limit(Math.min(1.25, room.width / whole.width, room.height / whole.height));
    x = (innerWidth - whole.width * scale) / 2;
    y = top + (room.height - whole.height * scale) / 2;
    show();
    untouched = true;
  };
  const centre = (node) => {
    const place = node.transform.baseVal[0].matrix, box = node.getBBox();
    scale = limit(Math.max(scale, 0.9));
    x = innerWidth / 2 - (place.e + box.width / 2) * scale;
    y = innerHeight / 2 - (place.f + Math.min(box.height, innerHeight / scale * 0.7) / 2) * scale;
    show();
  };

  svg.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), { x: event.clientX, y: event.clientY });
  }, { passive: false });
  const fingers = new Map();
  svg.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, event);
    moved = 0;
  });
  svg.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const dx = event.clientX - before.clientX, dy = event.clientY - before.clientY;
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved > 4 && !svg.hasPointerCapture(event.pointerId)) {
      svg.setPointerCapture(event.pointerId);
      svg.classList.add('dragging');
    }
    if (fingers.size === 2) {
      const other = [...fingers.values()].find((finger) => finger.pointerId !== event.pointerId);
      const span = (a) => Math.hypot(a.clientX - other.clientX, a.clientY - other.clientY) || 1;
      zoom(span(event) / span(before), { x: (event.clientX + other.clientX) / 2, y: (event.clientY + other.clientY) / 2 });
    } else {
      x += dx;
      y += dy;
      show();
    }
    fingers.set(event.pointerId, event);
  });
  const release = (event) => { fingers.delete(event.pointerId); svg.classList.remove('dragging'); };
  svg.addEventListener('pointerup', release);
  svg.addEventListener('pointercancel', release);

  const focus = (node) => {
    svg.classList.toggle('focused', !!node);
    const near = new Set(node ? [node.id] : []);
    for (const edge of edges) {
      const is = !!node && (edge.dataset.from === node.id || edge.dataset.to === node.id);
      edge.classList.toggle('near', is);
      if (is) { near.add(edge.dataset.from); near.add(edge.dataset.to); }
    }
    for (const other of nodes) other.classList.toggle('near', near.has(other.id));
  };
  svg.addEventListener('click', (event) => {
    if (moved > 4) return;
    focus(event.target.closest('.node'));
  });
  svg.addEventListener('dblclick', (event) => {
    const node = event.target.closest('.node');
    if (node) centre(node); else zoom(1.6, { x: event.clientX, y: event.clientY });
  });

  const step = (by) => {
    if (!hits.length) return;
    hits[current]?.classList.remove('current');
    current = (current + by + hits.length) % hits.length;
    hits[current].classList.add('current');
    centre(hits[current]);
    found.textContent = `${current + 1} of ${hits.length}`;
  };
  const search = () => {
    const wanted = input.value.trim().toLowerCase();
    const is = (text) => text.toLowerCase().includes(wanted);
    hits[current]?.classList.remove('current');
    hits = [];
    current = -1;
    for (const node of nodes) {
      let hit = !!wanted && is(node.dataset.name);
      for (const row of node.querySelectorAll('.row')) {
        const inside = !!wanted && is(row.querySelector('.column').textContent);
        row.classList.toggle('found', inside);
        hit ||= inside;
      }
      node.classList.toggle('hit', hit);
      if (hit) hits.push(node);
    }
    const rank = (node) => [node.dataset.name.toLowerCase() === wanted, is(node.dataset.name)].indexOf(true);
    hits.sort((a, b) => (rank(a) + 3) % 3 - (rank(b) + 3) % 3);
    svg.classList.toggle('searching', !!wanted);
    found.textContent = wanted && !hits.length ? 'not found' : '';
    if (wanted) step(1);
  };
  input.addEventListener('input', search);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
    if (event.key === 'Escape') { input.value = ''; search(); input.blur(); fit(); }
  });
  document.addEventListener('keydown', (event) => {
    if (event.target === input || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = { '/': () => input.focus(), '+': () => zoom(1.25), '=': () => zoom(1.25), '-': () => zoom(0.8), '0': fit, Escape: () => focus(null) };
    const pan = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (pan) { x += pan[0]; y += pan[1]; show(); }
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  document.getElementById('in').addEventListener('click', () => zoom(1.25));
  document.getElementById('out').addEventListener('click', () => zoom(0.8));
  document.getElementById('fit').addEventListener('click', fit);
  addEventListener('resize', () => { if (untouched) fit(); });
  fit();
  // A link to a table: page.html#users
  let name = '';
  try { name = decodeURIComponent(location.hash.slice(1)); } catch { /* not a name */ }
  if (name) { input.value = name; search(); }
})();
