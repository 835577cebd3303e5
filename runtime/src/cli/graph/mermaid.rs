//! Mermaid's `erDiagram`.

use super::diagram::{Diagram, Edge, Mark, Node, Row};
use super::escape;
use std::fmt::Write as _;

/// Words that mean something to Mermaid.
const RESERVED: &[&str] = &[
    "erdiagram",
    "title",
    "direction",
    "classdef",
    "class",
    "style",
    "one",
    "only",
    "many",
    "zero",
    "to",
    "optionally",
    "u",
    "o",
    "tb",
    "bt",
    "lr",
    "rl",
];

pub(super) fn draw(diagram: &Diagram) -> String {
    let mut out = "erDiagram\n".to_owned();
    for (at, node) in diagram.nodes.iter().enumerate() {
        let _ = write!(out, "    {}{}", id(at, node), alias(node));
        if node.rows.is_empty() {
            out.push('\n');
            continue;
        }
        out.push_str(" {\n");
        for row in &node.rows {
            let _ = writeln!(out, "        {}", attribute(row));
        }
        out.push_str("    }\n");
    }
    for edge in &diagram.edges {
        let _ = writeln!(out, "    {}", relation(diagram, edge));
    }
    if diagram.planned {
        for (mark, colours) in [
            (Mark::Create, "fill:#dafbe1,stroke:#1a7f37"),
            (Mark::Alter, "fill:#fff8c5,stroke:#9a6700"),
            (Mark::Drop, "fill:#ffebe9,stroke:#cf222e"),
            (Mark::Error, "fill:#ffebe9,stroke:#cf222e"),
        ] {
            let of_kind = diagram.nodes.iter().enumerate().filter(|(_, node)| node.mark == Some(mark));
            let names: Vec<String> = of_kind.map(|(at, node)| id(at, node)).collect();
            if !names.is_empty() {
                let word = mark.word();
                let _ = writeln!(out, "    classDef {word}d {colours}\n    class {} {word}d", names.join(","));
            }
        }
    }
    out
}

fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_name(node: &Node) -> bool {
    is_plain(&node.name) && !RESERVED.contains(&node.name.to_ascii_lowercase().as_str())
}

/// The name where Mermaid takes it, else one that it takes.
fn id(at: usize, node: &Node) -> String {
    if is_name(node) { node.name.clone() } else { format!("t-{at}") }
}

fn alias(node: &Node) -> String {
    match (is_name(node), node.view) {
        (true, false) => String::new(),
        (_, true) => format!("[\"{} (view)\"]", escape::mermaid(&node.name)),
        (false, false) => format!("[\"{}\"]", escape::mermaid(&node.name)),
    }
}

/// What is no word becomes one; the comment then has the name.
fn word(text: &str, keep: &[char]) -> String {
    let word: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || keep.contains(&c) { c } else { '_' }).collect();
    if word.starts_with(|c: char| c.is_ascii_alphabetic()) { word } else { format!("x{word}") }
}

fn attribute(row: &Row) -> String {
    let ty = word(if row.ty.is_empty() { "any" } else { &row.ty }, &['(', ')', '[', ']', '_', '-']);
    let name = word(&row.name, &['_', '-']);
    let marks = [(row.key, "PK"), (row.foreign, "FK"), (row.unique, "UK")];
    let keys: Vec<&str> = marks.into_iter().filter(|(on, _)| *on).map(|(_, key)| key).collect();
    let mut said = Vec::new();
    if name != row.name {
        said.push(escape::mermaid(&row.name));
    }
    if row.nullable {
        said.push("null".to_owned());
    }
    said.extend(row.mark.map(|mark| mark.word().to_owned()));
    let mut out = format!("{ty} {name}");
    if !keys.is_empty() {
        let _ = write!(out, " {}", keys.join(", "));
    }
    if !said.is_empty() {
        let _ = write!(out, " \"{}\"", said.join(", "));
    }
    out
}

fn relation(diagram: &Diagram, edge: &Edge) -> String {
    let (from, to) = (id(edge.from, &diagram.nodes[edge.from]), id(edge.to, &diagram.nodes[edge.to]));
    let label = escape::mermaid(&edge.label);
    if edge.reads {
        return format!("{to} ||..o{{ {from} : \"{label}\"");
    }
    let target = if edge.optional { "|o" } else { "||" };
    let source = if edge.one { "o|" } else { "o{" };
    format!("{to} {target}--{source} {from} : \"{label}\"")
}
