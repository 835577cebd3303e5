//! The picture as SVG.

use super::diagram::{Diagram, Edge, Mark, Node};
use super::escape::{shortened, xml};
use super::layout::{self, HEAD, LONGEST, Layout, ROW, Rect};
use std::fmt::Write as _;

/// Colours, light and dark; shared with the page.
pub(super) const STYLE: &str = include_str!("picture.css");

/// An SVG document.
pub(super) fn document(diagram: &Diagram) -> String {
    let layout = layout::layout(diagram);
    let (width, height) = (layout.width.ceil(), layout.height.ceil());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"database schema\">\n<style>{STYLE}</style>\n<rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n{}</svg>\n",
        content(diagram, &layout)
    )
}

/// Everything inside.
pub(super) fn content(diagram: &Diagram, layout: &Layout) -> String {
    let mut out = "<g class=\"edges\">\n".to_owned();
    for item in &diagram.edges {
        edge(&mut out, item, layout);
    }
    out.push_str("</g>\n<g class=\"nodes\">\n");
    for (at, item) in diagram.nodes.iter().enumerate() {
        node(&mut out, at, item, layout.boxes[at]);
    }
    out.push_str("</g>\n");
    out
}

fn class(mark: Option<Mark>) -> String {
    mark.map_or_else(String::new, |mark| format!(" {}", mark.word()))
}

fn node(out: &mut String, at: usize, node: &Node, at_box: Rect) {
    let Rect { x, y, width, height } = at_box;
    let kind = if node.view { " view" } else { "" };
    let _ = write!(
        out,
        "<g class=\"node{kind}{}\" id=\"n{at}\" data-name=\"{}\" transform=\"translate({x:.1} {y:.1})\">",
        class(node.mark),
        xml(&node.name)
    );
    let mut notes = vec![node.name.clone()];
    notes.extend(node.notes.iter().cloned());
    let _ = write!(out, "<title>{}</title>", xml(&notes.join("\n")));
    let _ = write!(out, "<rect class=\"frame\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"6\"/>");
    // The head is round above and straight below.
    let _ =
        write!(out, "<path class=\"head\" d=\"M0 {HEAD}V6a6 6 0 0 1 6-6H{:.1}a6 6 0 0 1 6 6V{HEAD}z\"/>", width - 6.0);
    let _ = write!(out, "<text class=\"name\" x=\"10\" y=\"19\">{}</text>", xml(&shortened(&node.name, LONGEST)));
    let tag = match (node.mark, node.view) {
        (Some(mark), _) => mark.word(),
        (None, true) => "view",
        (None, false) => "",
    };
    // Seen from afar, only this is shown.
    let far = shortened(&node.name, LONGEST);
    let letters = super::escape::columns(&far).max(1) as f64;
    let _ = write!(
        out,
        "<text class=\"far-name\" x=\"{:.1}\" y=\"{:.1}\" style=\"font-size:{:.0}px\">{}</text>",
        width / 2.0,
        height / 2.0,
        ((width - 12.0) / letters / 0.62).clamp(10.0, 44.0),
        xml(&far)
    );
    if !tag.is_empty() {
        let _ = write!(out, "<text class=\"tag\" x=\"{:.1}\" y=\"19\">{tag}</text>", width - 10.0);
    }
    for (place, row) in node.rows.iter().enumerate() {
        let y = HEAD + ROW * place as f64 + 3.0;
        let _ = write!(out, "<g class=\"row{}\">", class(row.mark));
        let _ = write!(out, "<title>{}</title>", xml(&tooltip(row)));
        let _ =
            write!(out, "<rect class=\"band\" x=\"1\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{ROW}\"/>", width - 2.0);
        let badge = match () {
            () if row.key => ("key", "PK"),
            () if row.foreign => ("foreign", "FK"),
            () if row.unique => ("unique", "UQ"),
            () => ("", ""),
        };
        if !badge.0.is_empty() {
            let _ = write!(out, "<text class=\"badge {}\" x=\"8\" y=\"{:.1}\">{}</text>", badge.0, y + 14.0, badge.1);
        }
        let _ = write!(
            out,
            "<text class=\"column\" x=\"30\" y=\"{:.1}\">{}</text>",
            y + 14.0,
            xml(&shortened(&row.name, LONGEST))
        );
        let null = if row.nullable { "?" } else { "" };
        let _ = write!(
            out,
            "<text class=\"type\" x=\"{:.1}\" y=\"{:.1}\">{}{null}</text></g>",
            width - 10.0,
            y + 14.0,
            xml(&shortened(&row.ty, LONGEST))
        );
    }
    out.push_str("</g>\n");
}

fn tooltip(row: &super::diagram::Row) -> String {
    let marks =
        [(row.key, "primary key"), (row.foreign, "foreign key"), (row.unique, "unique"), (row.nullable, "may be NULL")];
    let mut words = vec![format!("{} {}", row.name, row.ty)];
    words.extend(marks.into_iter().filter(|(on, _)| *on).map(|(_, word)| word.to_owned()));
    words.extend(row.mark.map(|mark| mark.word().to_owned()));
    words.join(", ")
}

/// The height of a row's middle; of the head's where there is none.
fn height_of(at: Rect, row: Option<usize>) -> f64 {
    at.y + row.map_or(HEAD / 2.0, |row| HEAD + ROW * row as f64 + 3.0 + ROW / 2.0)
}

/// A curve from the referring row to the row that it refers to, with a crow's foot at its beginning.
fn edge(out: &mut String, edge: &Edge, layout: &Layout) {
    let (from, to) = (layout.boxes[edge.from], layout.boxes[edge.to]);
    let (y1, y2) = (height_of(from, edge.from_row), height_of(to, edge.to_row));
    // Which way each end leaves its box.
    let (out1, out2) = if from.x > to.x + to.width {
        (-1.0, 1.0)
    } else if from.x + from.width < to.x {
        (1.0, -1.0)
    } else {
        (1.0, 1.0)
    };
    let side = |at: Rect, way: f64| if way > 0.0 { at.x + at.width } else { at.x };
    let (x1, x2) = (side(from, out1), side(to, out2));
    let bend = if out1 == out2 { 46.0 } else { ((x1 - x2).abs() / 2.0).clamp(30.0, 160.0) };
    let reads = if edge.reads { " reads" } else { "" };
    let _ = write!(
        out,
        "<g class=\"edge{reads}{}\" data-from=\"n{}\" data-to=\"n{}\"><title>{}</title>",
        class(edge.mark),
        edge.from,
        edge.to,
        xml(&edge.label)
    );
    let _ = write!(
        out,
        "<path class=\"line\" d=\"M{x1:.1} {y1:.1}L{:.1} {y1:.1}C{:.1} {y1:.1} {:.1} {y2:.1} {:.1} {y2:.1}L{x2:.1} {y2:.1}\"/>",
        x1 + 14.0 * out1,
        x1 + (14.0 + bend) * out1,
        x2 + (14.0 + bend) * out2,
        x2 + 14.0 * out2,
    );
    if !edge.reads {
        ends(out, edge, (x1, y1, out1), (x2, y2, out2));
    }
    out.push_str("</g>\n");
}

fn ends(out: &mut String, edge: &Edge, (x1, y1, out1): (f64, f64, f64), (x2, y2, out2): (f64, f64, f64)) {
    let bar = |x: f64, y: f64| format!("M{x:.1} {:.1}V{:.1}", y - 5.0, y + 5.0);
    let foot = if edge.one {
        bar(x1 + 6.0 * out1, y1)
    } else {
        let tip = x1 + 10.0 * out1;
        format!("M{tip:.1} {y1:.1}L{x1:.1} {:.1}M{tip:.1} {y1:.1}L{x1:.1} {:.1}", y1 - 5.0, y1 + 5.0)
    };
    let _ = write!(out, "<path class=\"end\" d=\"{foot}{}\"/>", bar(x2 + 5.0 * out2, y2));
    if edge.optional {
        let _ = write!(out, "<circle class=\"end\" cx=\"{:.1}\" cy=\"{y2:.1}\" r=\"3.2\"/>", x2 + 11.0 * out2);
    } else {
        let _ = write!(out, "<path class=\"end\" d=\"{}\"/>", bar(x2 + 9.0 * out2, y2));
    }
}
