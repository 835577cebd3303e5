//! Graphviz DOT.

use super::diagram::{Diagram, Mark, Node};
use super::escape;
use std::fmt::Write as _;

pub(super) fn draw(diagram: &Diagram) -> String {
    let mut out = "digraph schema {\n    graph [rankdir=RL, nodesep=0.4, ranksep=1.2];\n    node [shape=plain, fontname=\"monospace\", fontsize=10];\n    edge [dir=both, fontname=\"monospace\", fontsize=8, color=\"#57606a\"];\n".to_owned();
    for (at, node) in diagram.nodes.iter().enumerate() {
        let notes = escape::dot(&node.notes.join(" · "));
        let _ = writeln!(out, "    t{at} [tooltip=\"{notes}\", label=<{}>];", table(node));
    }
    for edge in &diagram.edges {
        let port = |row: Option<usize>| row.map_or_else(String::new, |row| format!(":c{row}"));
        let colour = edge.mark.map_or_else(String::new, |mark| format!(", color=\"{}\"", colours(Some(mark)).0));
        let style = if edge.reads {
            "style=dashed, arrowtail=none, arrowhead=vee".to_owned()
        } else {
            let tail = if edge.one { "teeodot" } else { "crowodot" };
            let head = if edge.optional { "teeodot" } else { "teetee" };
            format!("arrowtail={tail}, arrowhead={head}")
        };
        let _ = writeln!(
            out,
            "    t{}{} -> t{}{} [{style}{colour}, tooltip=\"{}\"];",
            edge.from,
            port(edge.from_row),
            edge.to,
            port(edge.to_row),
            escape::dot(&edge.label)
        );
    }
    out.push_str("}\n");
    out
}

/// Of the line, and of the head.
fn colours(mark: Option<Mark>) -> (&'static str, &'static str) {
    match mark {
        Some(Mark::Create) => ("#1a7f37", "#dafbe1"),
        Some(Mark::Alter) => ("#9a6700", "#fff8c5"),
        Some(Mark::Drop | Mark::Error) => ("#cf222e", "#ffebe9"),
        None => ("#57606a", "#ddf4ff"),
    }
}

fn table(node: &Node) -> String {
    let (line, head) = colours(node.mark);
    let head = if node.view && node.mark.is_none() { "#f6f8fa" } else { head };
    let mut out = format!(
        "<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" CELLPADDING=\"4\" COLOR=\"{line}\"><TR><TD COLSPAN=\"3\" BGCOLOR=\"{head}\"><B>{}</B></TD></TR>",
        text(&node.name)
    );
    for (at, row) in node.rows.iter().enumerate() {
        let marks = [(row.key, "PK"), (row.foreign, "FK"), (row.unique, "UQ"), (row.nullable, "null")];
        let marks: Vec<&str> = marks.into_iter().filter(|(on, _)| *on).map(|(_, mark)| mark).collect();
        let colour = row.mark.map_or_else(String::new, |mark| format!(" BGCOLOR=\"{}\"", colours(Some(mark)).1));
        let _ = write!(
            out,
            "<TR><TD ALIGN=\"LEFT\" PORT=\"c{at}\"{colour}>{}</TD><TD ALIGN=\"LEFT\"{colour}>{}</TD><TD ALIGN=\"LEFT\"{colour}>{}</TD></TR>",
            text(&row.name),
            text(&row.ty),
            text(&marks.join(" "))
        );
    }
    out + "</TABLE>"
}

/// An empty cell has a space.
fn text(text: &str) -> String {
    if text.trim().is_empty() { " ".to_owned() } else { escape::xml(text).replace(['\n', '\t'], " ") }
}
