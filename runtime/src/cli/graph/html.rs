//! The picture as a page of its own.

use super::diagram::{Diagram, Mark};
use super::escape::xml;
use super::{layout, svg};
use crate::plan::Plan;
use crate::plan::data_checks::counted;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page. Nothing of the database is ever in the script: texts stand in the SVG, escaped.
pub(super) fn page(diagram: &Diagram, plan: Option<&Plan>) -> String {
    let layout = layout::layout(diagram);
    let title = match plan {
        Some(plan) => format!("Plan for namespace \"{}\" on {}", plan.namespace, plan.dialect),
        None => "Database schema".to_owned(),
    };
    let page = format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{}</title>
<style>{}{STYLE}</style>
</head>
<body>
<svg id="picture" xmlns="http://www.w3.org/2000/svg" data-width="{}" data-height="{}">
<g id="world">
"#,
        xml(&title),
        svg::STYLE,
        layout.width.ceil(),
        layout.height.ceil(),
    );
    let rest = format!(
        r#"</g>
</svg>
<div class="bar">
<input id="search" type="search" placeholder="Search tables and columns (/)" aria-label="Search tables and columns" autocomplete="off" spellcheck="false">
<span id="found" aria-live="polite"></span>
<button id="out" title="Zoom out (-)" aria-label="Zoom out">−</button>
<button id="in" title="Zoom in (+)" aria-label="Zoom in">+</button>
<button id="fit" title="Show all (0)">Fit</button>
</div>
{}
<script>{SCRIPT}</script>
</body>
</html>
"#,
        legend(diagram),
    );
    page + &svg::content(diagram, &layout) + &rest
}

fn legend(diagram: &Diagram) -> String {
    let count = |is: &dyn Fn(Option<Mark>) -> bool| diagram.nodes.iter().filter(|node| is(node.mark)).count();
    let tables = diagram.nodes.iter().filter(|node| !node.view).count();
    let views = diagram.nodes.len() - tables;
    let mut parts =
        vec![format!("<span>{}, {}</span>", counted(tables as u64, "table"), counted(views as u64, "view"))];
    if diagram.planned {
        let created = count(&|mark| mark == Some(Mark::Create));
        let altered = count(&|mark| mark == Some(Mark::Alter));
        let dropped = count(&|mark| mark == Some(Mark::Drop));
        let wrong = count(&|mark| mark == Some(Mark::Error));
        parts.push(format!("<span class=\"create\"><i class=\"create\"></i>created: {created}</span>"));
        parts.push(format!("<span class=\"alter\"><i class=\"alter\"></i>altered: {altered}</span>"));
        parts.push(format!("<span class=\"drop\"><i class=\"drop\"></i>dropped: {dropped}</span>"));
        if wrong > 0 {
            parts.push(format!("<span class=\"drop\"><i class=\"drop\"></i>errors: {wrong}</span>"));
        }
    }
    parts.push("<span>PK primary key, FK foreign key, UQ unique, ? may be NULL</span>".to_owned());
    format!("<p class=\"legend\">{}</p>", parts.join(""))
}
