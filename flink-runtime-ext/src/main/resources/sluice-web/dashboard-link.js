/*
 * Adds "Backpressure" to the menu of Flink's dashboard, with the job that is shown there, if any.
 *
 * The dashboard is built by its own scripts, some time after this one has run, and changes pages
 * without loading any: whenever it changes, the link is put back and pointed to the job. Without
 * the menu, the link is at the lower edge of the window.
 */
(() => {
  const MENU = 'flink-root ul.ant-menu-root';
  const JOB_IN_HASH = /\/job\/(?:\w+\/)?([0-9a-f]{32})(?![0-9a-f])/;
  const MENU_DEADLINE_MILLIS = 10_000;
  const ICON = 'M3 5h18v2H3zM3 17h18v2H3zM5 9h9v6H5zM16 9h2v6h-2z';

  const link = document.createElement('a');
  link.textContent = 'Backpressure';
  const item = menuItem(link);

  function menuItem(content) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', ICON);
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('width', '1em');
    svg.setAttribute('height', '1em');
    svg.setAttribute('fill', 'currentColor');
    svg.setAttribute('aria-hidden', 'true');
    svg.append(path);
    const icon = document.createElement('i');
    icon.className = 'anticon';
    icon.append(svg);
    const title = document.createElement('span');
    title.className = 'ant-menu-title-content';
    title.append(content);
    const entry = document.createElement('li');
    entry.append(icon, title);
    return entry;
  }

  function update() {
    const job = JOB_IN_HASH.exec(location.hash);
    const target = 'sluice/backpressure.html' + (job ? `?job=${job[1]}` : '');
    if (link.getAttribute('href') !== target) {
      link.setAttribute('href', target);
    }
    const menu = document.querySelector(MENU);
    if (menu && item.parentNode !== menu) {
      item.className = 'ant-menu-item';
      item.style.cssText = 'padding-left: 24px';
      menu.append(item);
    }
  }

  function withoutMenu() {
    if (!item.isConnected) {
      item.className = '';
      item.style.cssText =
        'position: fixed; right: 12px; bottom: 6px; z-index: 10; list-style: none; padding: 0 6px; background: #fff';
      document.body.append(item);
    }
  }

  new MutationObserver(update).observe(document.body, { childList: true, subtree: true });
  addEventListener('hashchange', update);
  setTimeout(withoutMenu, MENU_DEADLINE_MILLIS);
  update();
})();
