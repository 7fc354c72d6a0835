"""What is wrong with how a page lies in its window, as far as a browser can tell: it moves, is too wide, is cut, overlaps."""

from typing import Literal

from playwright.sync_api import Page

MOST_SHIFT = 0.02
"""Google calls 0.1 good; nothing of ours need move at all."""

_SHIFTS = """new Promise(tell => { const moved = []; new PerformanceObserver(list => moved.push(...list.getEntries()))
    .observe({type: 'layout-shift', buffered: true});
    requestAnimationFrame(() => requestAnimationFrame(() => tell(moved.filter(each => !each.hadRecentInput).map(each =>
        [each.value, each.sources.map(one => one.node && (one.node.outerHTML || one.node.textContent).slice(0, 80))])))) })"""

_LONGER = """way => {
    const accents = {a: 'á', e: 'ê', i: 'ï', o: 'ö', u: 'ü', A: 'Å', E: 'É', O: 'Ø', c: 'ç', n: 'ñ', s: 'š'};
    document.documentElement.dir = way;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    for (const node of found) {
        const text = node.textContent;
        if (!/[a-z]{2}/i.test(text) || node.parentElement.closest('bdi, code, pre, time, script, style, svg, .phone, textarea')) continue;
        const words = text.trim().split(/\\s+/);
        // One long word more, as a German compound, or a few.
        const more = words.length < 2 ? words[0].slice(0, 3) : words.slice(0, Math.ceil(words.length * 0.35)).join('').slice(0, 18);
        node.textContent = text.replace(/\\s*$/, end => ' ' + more + end).replace(/[a-zA-Z]/g, each => accents[each] ?? each);
    }
}"""

_MISPLACED = """() => {
    const said = [];
    const brief = node => JSON.stringify(node.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40));
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > wide) {
        const sticks = [...document.querySelectorAll('main *')].filter(each => { const box = each.getBoundingClientRect();
            return box.width && (box.right > wide + 1 || box.left < -1) && !each.closest('.wide-table, .subnav, .unseen, pre'); });
        said.push(`${document.documentElement.scrollWidth} wide: ${sticks.slice(0, 2).map(each => each.tagName + '.' + each.className + brief(each))}`);
    }
    const hidden = element => {
        for (let each = element; each; each = each.parentElement)
            if (getComputedStyle(each).clipPath !== 'none' || each.matches('[aria-hidden=true], option, datalist, .skip')) return true;
        return false;
    };
    const pieces = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
        const node = walker.currentNode, parent = node.parentElement;
        if (!node.textContent.trim() || hidden(parent) || !parent.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
        range.selectNodeContents(node);
        for (const box of range.getClientRects())
            if (box.width > 2 && box.height > 2) pieces.push({node, box});
        const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
        const words = node.textContent.trim().split(/[\\s/\u2013-]+/);
        if (lines > words.length + 1 || lines > words.length && words.every(word => word.length < 20))
            said.push(`${brief(node)} is broken within its words`);
    }
    pieces.sort((one, other) => one.box.top - other.box.top);
    pieces.forEach((one, place) => {
        for (const other of pieces.slice(place + 1)) {
            if (other.box.top > one.box.bottom) break;
            if (other.node === one.node) continue;
            const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
            const down = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
            if (across > 3 && down > 6) said.push(`${brief(one.node)} overlaps ${brief(other.node)}`);
        }
    });
    for (const element of document.querySelectorAll('body *')) {
        const style = getComputedStyle(element);
        if (style.overflowX !== 'hidden' && style.overflowX !== 'clip' || hidden(element) || element.namespaceURI.endsWith('svg')) continue;
        if (element.scrollWidth > element.clientWidth + 1 && style.textOverflow !== 'ellipsis' && element.textContent.trim())
            said.push(`${brief(element)} is cut`);
    }
    for (const element of document.querySelectorAll('button, .button')) {
        if (element.scrollWidth > element.clientWidth + 2 && element.checkVisibility() && !hidden(element))
            said.push(`${brief(element)} sticks out of its button`);
    }
    return said;
}"""


def shifts(page: Page) -> list[str]:
    """What moved since the page was opened, if it was too much."""
    found = page.evaluate(_SHIFTS)
    moved = sum(value for value, _nodes in found)
    return [f"moves by {moved:.3f}: {[nodes for _value, nodes in found]}"] if moved > MOST_SHIFT else []


def misplaced(page: Page) -> list[str]:
    """What is too wide, cut, or lies on something else, at the window's present width."""
    return [str(each) for each in page.evaluate(_MISPLACED)]


def speak_longer(page: Page, way: Literal["ltr", "rtl"]) -> None:
    """Make a third more of every text, with accents, as some language would have it; what people wrote stays as it is.

    It cannot be undone but by opening the page anew.
    """
    page.evaluate(_LONGER, way)
