use super::*;
use crate::catalog::Name;
use crate::model::{Column, DataType, ForeignKey, Table, View};
use crate::plan::{Entry, EntryKind, EntryStatus};

const EVIL: &str = "<script>alert(1)</script>\"'`;--\\]]>\n&#x27; ${x}";

fn table(name: &str, refers_to: &[&str]) -> Table {
    let mut table = Table { name: name.into(), primary_key: vec!["id".into()], ..Table::default() };
    table.columns.push(Column::new("id", DataType::Int64));
    for target in refers_to {
        let column = format!("{target}_id");
        table.columns.push(Column::new(&column, DataType::Int64));
        table.foreign_keys.push(ForeignKey {
            columns: vec![column],
            target_schema: None,
            target: (*target).into(),
            target_columns: vec!["id".into()],
            on_delete: Default::default(),
            on_update: Default::default(),
        });
    }
    table
}

/// Hubs, chains, circles, self references, and tables alone.
fn hundred() -> Schema {
    let mut tables = vec![table("t0", &["t0", "t7"])];
    for at in 1..100_usize {
        let targets: Vec<String> = match at % 5 {
            0 => vec![],
            1 => vec!["t0".into()],
            2 => vec![format!("t{}", at / 2), "t0".into()],
            3 => vec![format!("t{}", at - 1)],
            _ => vec![format!("t{}", (at + 1) % 100), format!("t{}", at / 3)],
        };
        let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
        tables.push(table(&format!("t{at}"), &targets));
    }
    Schema::new(tables, Vec::new())
}

fn evil() -> Schema {
    let mut odd = table(EVIL, &[]);
    odd.comment = Some(EVIL.into());
    odd.columns.push(Column { comment: Some(EVIL.into()), ..Column::new(EVIL, DataType::Text) });
    let view = View { name: format!("v{EVIL}"), sql: Some(EVIL.into()), columns: vec![EVIL.into()], ..View::default() };
    Schema::new(vec![odd, table("plain", &[EVIL])], vec![view])
}

/// The texts between tags, where every tag that is opened is closed; what is wrong otherwise.
fn well_formed(xml: &str) -> Result<String, String> {
    let mut open: Vec<&str> = Vec::new();
    let mut texts = String::new();
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        texts.push_str(&rest[..at]);
        let end = rest[at..].find('>').ok_or("a tag that does not end")? + at;
        let tag = &rest[at + 1..end];
        if tag.contains('<') || tag.matches('"').count() % 2 == 1 {
            return Err(format!("the tag {tag:?}"));
        }
        match (tag.strip_prefix('/'), tag.ends_with('/')) {
            (Some(name), _) if open.pop() != Some(name) => return Err(format!("</{name}> closes nothing")),
            (Some(_), _) | (None, true) => {}
            (None, false) => open.push(tag.split([' ', '\n']).next().unwrap_or_default()),
        }
        rest = &rest[end + 1..];
    }
    if open.is_empty() { Ok(texts) } else { Err(format!("still open: {open:?}")) }
}

#[test]
fn svg_is_well_formed_and_has_every_table() {
    for schema in [hundred(), evil(), Schema::default()] {
        let text = svg(&schema, None);
        let texts = well_formed(&text).unwrap();
        for table in &schema.tables {
            assert!(texts.contains(&escape::xml(&table.name)), "{}", table.name);
        }
        let keys: usize = schema.tables.iter().map(|table| table.foreign_keys.len()).sum();
        assert_eq!(text.matches("class=\"end\"").count() > 0, keys > 0);
        assert!(text.matches("<g class=\"edge").count() > keys);
    }
}

#[test]
fn no_name_becomes_markup_or_script() {
    let plan = Plan {
        entries: vec![Entry {
            status: EntryStatus::Drop,
            errors: vec![EVIL.into()],
            ..Entry::of(EntryKind::Table, &Name::new(EVIL))
        }],
        namespace: EVIL.into(),
        ..Plan::default()
    };
    for plan in [None, Some(&plan)] {
        let page = html(&evil(), plan);
        assert_eq!(page.matches("<script").count(), 1);
        assert_eq!(page.matches("</script").count(), 1);
        assert!(!page.contains("alert(1)</"));
        assert!(
            !page.contains("http://")
                || page.matches("http://").count() == page.matches("http://www.w3.org/2000/svg").count()
        );
        assert!(!page.contains("https://"));
        let mermaid = mermaid(&evil(), plan);
        assert!(!mermaid.contains('<') && !mermaid.contains("]]>"), "{mermaid}");
        // In double quotes it is a text; inside a label it would be markup.
        assert!(!dot(&evil(), plan).contains("<B><script"));
    }
}

#[test]
fn no_two_boxes_overlap_and_the_whole_is_as_wide_as_a_screen() {
    let diagram = Diagram::new(&hundred(), None);
    let layout = layout::layout(&diagram);
    for (at, a) in layout.boxes.iter().enumerate() {
        assert!(a.x >= 0.0 && a.y >= 0.0 && a.x + a.width <= layout.width && a.y + a.height <= layout.height);
        for b in &layout.boxes[at + 1..] {
            let apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
            assert!(apart, "{a:?} {b:?}");
        }
    }
    let ratio = layout.width / layout.height;
    assert!((0.8..3.5).contains(&ratio), "{ratio}");
}

#[test]
fn a_plan_colours_what_it_changes_and_shows_what_it_drops() {
    let schema = Schema::new(vec![table("a", &[]), table("b", &["a"]), table("c", &[])], Vec::new());
    let entry = |name: &str, status| Entry { status, ..Entry::of(EntryKind::Table, &Name::new(name)) };
    let plan = Plan {
        entries: vec![
            entry("a", EntryStatus::Create),
            Entry {
                columns_added: vec!["a_id".into()],
                columns_dropped: vec!["old".into()],
                ..entry("b", EntryStatus::Alter)
            },
            entry("c", EntryStatus::InSync),
            Entry { rows_lost: Some(12_430), ..entry("gone", EntryStatus::Drop) },
        ],
        ..Plan::default()
    };
    let text = svg(&schema, Some(&plan));
    for part in [
        "class=\"node create\" id=\"n0\" data-name=\"a\"",
        "class=\"node alter\" id=\"n1\" data-name=\"b\"",
        "class=\"node\" id=\"n2\" data-name=\"c\"",
        "class=\"node drop\" id=\"n3\" data-name=\"gone\"",
        "<g class=\"row create\"><title>a_id int64",
        "<g class=\"row drop\"><title>old",
        "! 12430 rows are lost",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(html(&schema, Some(&plan)).contains("created: 1"));
    let mermaid = mermaid(&schema, Some(&plan));
    assert!(mermaid.contains("class gone dropd") && mermaid.contains("int64 a_id FK \"create\""), "{mermaid}");
}
