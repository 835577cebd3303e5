//! Where everything stands.

use super::diagram::{Diagram, Node};
use super::escape::columns;
use super::order;

/// Pixels.
pub(super) const ROW: f64 = 20.0;
pub(super) const HEAD: f64 = 28.0;
const LETTER: f64 = 7.3;
const GAP_X: f64 = 90.0;
const GAP_Y: f64 = 28.0;
const MARGIN: f64 = 30.0;
/// Longest name or type that is shown in full.
pub(super) const LONGEST: usize = 36;

/// A box.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The boxes of the nodes, and the whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    pub(super) boxes: Vec<Rect>,
    pub(super) width: f64,
    pub(super) height: f64,
}

fn size(node: &Node) -> Rect {
    let shown = |text: &str| columns(text).min(LONGEST);
    let row = |row: &super::diagram::Row| shown(&row.name) + shown(&row.ty) + 9;
    let widest = node.rows.iter().map(row).chain([shown(&node.name) + 7]).max().unwrap_or(0);
    Rect {
        width: (widest as f64 * LETTER + 16.0).max(130.0),
        height: HEAD + ROW * node.rows.len() as f64 + if node.rows.is_empty() { 0.0 } else { 6.0 },
        ..Rect::default()
    }
}

pub(super) fn layout(diagram: &Diagram) -> Layout {
    let mut boxes: Vec<Rect> = diagram.nodes.iter().map(size).collect();
    let edges: Vec<(usize, usize)> = diagram.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    let parts = order::layered(boxes.len(), &edges);
    // Those that nothing refers to and that refer to nothing stand together.
    let (single, joined): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|layers| layers.iter().map(Vec::len).sum::<usize>() == 1);
    let mut blocks: Vec<(Vec<usize>, f64, f64)> = joined.into_iter().map(|layers| part(&layers, &mut boxes)).collect();
    let single: Vec<usize> = single.into_iter().flatten().flatten().collect();
    if !single.is_empty() {
        blocks.push(part(&[single], &mut boxes));
    }
    let (width, height) = pack(&blocks, &mut boxes);
    Layout { boxes, width: width + MARGIN, height: height + MARGIN }
}

/// One connected part from (0, 0) on: its nodes, width and height.
fn part(layers: &[Vec<usize>], boxes: &mut [Rect]) -> (Vec<usize>, f64, f64) {
    let all: Vec<usize> = layers.iter().flatten().copied().collect();
    let area: f64 = all.iter().map(|&node| (boxes[node].width + GAP_X) * (boxes[node].height + GAP_Y)).sum();
    let tallest = all.iter().map(|&node| boxes[node].height).fold(0.0, f64::max);
    let limit = (area * 0.62).sqrt().max(tallest).max(640.0);
    let columns: Vec<Vec<usize>> = layers.iter().flat_map(|layer| split(layer, boxes, limit)).collect();
    let heights: Vec<f64> = columns.iter().map(|column| stacked(column, boxes)).collect();
    let height = heights.iter().copied().fold(0.0, f64::max);
    let mut x = 0.0;
    for (column, own) in columns.iter().zip(&heights) {
        let wide = column.iter().map(|&node| boxes[node].width).fold(0.0, f64::max);
        // Room that is left goes between the boxes, up to a point.
        let spare = ((height - own) / (column.len() + 1) as f64).min(GAP_Y * 1.5);
        let mut y = (height - own - spare * (column.len() - 1) as f64) / 2.0;
        for &node in column {
            boxes[node].x = x + (wide - boxes[node].width) / 2.0;
            boxes[node].y = y;
            y += boxes[node].height + GAP_Y + spare;
        }
        x += wide + GAP_X;
    }
    (all, x - GAP_X, height)
}

fn stacked(column: &[usize], boxes: &[Rect]) -> f64 {
    column.iter().map(|&node| boxes[node].height + GAP_Y).sum::<f64>() - GAP_Y
}

/// A layer that is too high stands in several columns of about one height.
fn split(layer: &[usize], boxes: &[Rect], limit: f64) -> Vec<Vec<usize>> {
    let total = stacked(layer, boxes);
    let parts = (total / limit).ceil().max(1.0);
    let share = total / parts;
    let mut columns: Vec<Vec<usize>> = vec![Vec::new()];
    let mut height = 0.0;
    for &node in layer {
        let own = boxes[node].height + GAP_Y;
        if height + own / 2.0 > share && (columns.len() as f64) < parts {
            columns.push(Vec::new());
            height = 0.0;
        }
        height += own;
        if let Some(column) = columns.last_mut() {
            column.push(node);
        }
    }
    columns.retain(|column| !column.is_empty());
    columns
}

/// The parts on shelves, so that the whole is about as wide as a screen is.
fn pack(blocks: &[(Vec<usize>, f64, f64)], boxes: &mut [Rect]) -> (f64, f64) {
    let area: f64 = blocks.iter().map(|(_, width, height)| (width + GAP_X) * (height + GAP_X)).sum();
    let widest = blocks.iter().map(|(_, width, _)| *width).fold(0.0, f64::max);
    let limit = (area * 1.7).sqrt().max(widest);
    let (mut x, mut y, mut shelf, mut right) = (MARGIN, MARGIN, 0.0_f64, MARGIN);
    for (nodes, width, height) in blocks {
        if x > MARGIN && x + width > limit + MARGIN {
            x = MARGIN;
            y += shelf + GAP_X * 0.7;
            shelf = 0.0;
        }
        for &node in nodes {
            boxes[node].x += x;
            boxes[node].y += y;
        }
        x += width + GAP_X;
        right = right.max(x - GAP_X);
        shelf = shelf.max(*height);
    }
    (right, y + shelf)
}
