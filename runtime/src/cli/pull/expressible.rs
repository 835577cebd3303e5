//! What the grammar of the derives cannot say: taken out of the schema, and told.

use super::types;
use crate::model::enum_type::EnumModel;
use crate::model::remove_invalid::remove_dangling_keys;
use crate::model::{
    Column, DataType, DefaultValue, ForeignKey, Index, IndexKind, IndexOn, OptionValue, Schema, Table, View,
};
use std::collections::BTreeSet;

/// The dimensions that `vector(…)` takes.
const DIMENSIONS: &[u32] = &[256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 16384];

/// The schema that the derives can say, and what of it they cannot, one sentence each.
pub(super) fn expressible(schema: &Schema) -> (Schema, Vec<String>) {
    let mut schema = schema.clone();
    let mut notes = Vec::new();
    schema.tables.retain(|table| !table.external);
    schema.tables.retain_mut(|table| {
        let stays = columns(table, &mut notes) && is_text(&table.name);
        if stays {
            indexes(table, &mut notes);
            checks(table, &mut notes);
        } else {
            notes.push(format!("the table {:?}: it cannot be said in Rust", table.name));
        }
        stays
    });
    loop {
        let dangling = remove_dangling_keys(&mut schema, &mut notes);
        if !keys(&mut schema, &mut notes) && !dangling {
            break;
        }
    }
    schema.views.retain(|view| {
        let stays = view_is_expressible(view);
        if !stays {
            notes.push(format!("the view {:?}: it has no columns, or two of one name", view.name));
        }
        stays
    });
    (schema, notes)
}

/// A string of the grammar is never empty.
fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains('\0')
}

fn columns(table: &mut Table, notes: &mut Vec<String>) -> bool {
    let mut wrong = Vec::new();
    for column in &mut table.columns {
        if column.ty.enum_type().is_some_and(|found| !is_sayable(&found)) {
            column.use_native_enum();
        } else if let DataType::Enum { name, postgres: None, .. } = &column.ty {
            notes.push(format!("{}.{}: the values of the enum {name}: the field is a text", table.name, column.name));
            column.ty = DataType::Text;
        }
        let why = match () {
            () if !is_text(&column.name) => Some("its name".to_owned()),
            () => unsayable(column),
        };
        wrong.extend(why.map(|why| (column.name.clone(), why)));
    }
    let mut stays = true;
    for (name, why) in wrong {
        notes.push(format!("{}.{name}: left out: {why} cannot be said in Rust", table.name));
        stays &= table.remove_column(&name, notes);
    }
    stays
}

/// Whether every label can be written, and the names can.
fn is_sayable(found: &EnumModel<'_>) -> bool {
    is_text(&found.native.ty) && !found.labels.is_empty() && found.labels.iter().all(|label| is_text(label))
}

fn unsayable(column: &Column) -> Option<String> {
    for (_, value) in column.native.options().flat_map(|said| said.options) {
        match value {
            OptionValue::Type(ty) if !is_type_expression(ty) => return Some(format!("the type {ty:?}")),
            OptionValue::Word(word) if !is_word(word) => return Some(format!("the collation {word:?}")),
            _ => {}
        }
    }
    if types::rust_type(&column.ty, &types::in_words).is_none() {
        return Some("its type".to_owned());
    }
    match &column.default {
        Some(DefaultValue::Sql(sql)) if !is_text(sql) => Some("its default".to_owned()),
        _ => None,
    }
}

fn is_word(text: &str) -> bool {
    is_text(text) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// As the derives read `type = "…"`: words, names in double quotes, `(n[,n])`, `[]`.
fn is_type_expression(text: &str) -> bool {
    let mut words = String::new();
    for (at, part) in text.split('"').enumerate() {
        match at % 2 {
            0 => words.push_str(part),
            _ if part.is_empty() && !words.ends_with('q') || part.contains(char::is_control) => return false,
            _ => words.push('q'),
        }
    }
    let clauses = [
        "not",
        "null",
        "default",
        "primary",
        "references",
        "unique",
        "check",
        "collate",
        "constraint",
        "generated",
        "as",
        "comment",
    ];
    let mut depth = 0;
    let plain = words.char_indices().all(|(at, c)| {
        match c {
            'a'..='z' | 'A'..='Z' | '_' => {}
            '0'..='9' | ' ' | '.' if at > 0 => {}
            '(' if depth == 0 && at > 0 => depth = 1,
            ')' if depth == 1 => depth = 0,
            ',' | '-' if depth == 1 => {}
            '[' if depth == 0 && at > 0 => depth = 2,
            ']' if depth == 2 => depth = 0,
            _ => return false,
        }
        true
    });
    let clause = words
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|word| clauses.contains(&word.to_ascii_lowercase().as_str()));
    let even = text.matches('"').count().is_multiple_of(2);
    plain && even && depth == 0 && !clause && is_text(text) && !words.contains("--") && !words.contains("()")
}

fn indexes(table: &mut Table, notes: &mut Vec<String>) {
    let mut named = BTreeSet::new();
    let at = table.name.clone();
    let all = std::mem::take(&mut table.indexes);
    for index in all {
        let why = match &index.kind {
            IndexKind::Vector(parameters) => {
                let column = index.parts.first().and_then(|part| column_of(table, &part.on));
                let fits = DIMENSIONS.contains(&parameters.dimensions)
                    && index.filters.is_empty()
                    && column.is_some_and(|column| {
                        column.ty == DataType::Vector(parameters.dimensions) && column.default.is_none()
                    });
                (!fits).then_some("such a vector index")
            }
            IndexKind::Fulltext | IndexKind::Geo if !of_columns(table, &index) => Some("what it is over"),
            IndexKind::Fulltext if index.predicate.is_some() => Some("its condition"),
            _ if !is_text(&index.name) || index.predicate.as_deref().is_some_and(|sql| !is_text(sql)) => {
                Some("its name or its condition")
            }
            _ if index.parts.iter().any(|part| matches!(&part.on, IndexOn::Expression(sql) if !is_text(sql))) => {
                Some("what it is over")
            }
            _ if !named.insert(index.name.clone()) => Some("a name that another index of the table has"),
            _ => None,
        };
        match why {
            Some(why) => notes.push(format!("{at}, index {}: left out: {why} cannot be said in Rust", index.name)),
            None => table.indexes.push(index),
        }
    }
}

fn column_of<'a>(table: &'a Table, on: &IndexOn) -> Option<&'a Column> {
    match on {
        IndexOn::Column(name) => table.columns.iter().find(|column| column.name == *name),
        IndexOn::Expression(_) => None,
    }
}

/// Whether it is over columns of the type that its kind is for.
fn of_columns(table: &Table, index: &Index) -> bool {
    index.parts.iter().all(|part| {
        column_of(table, &part.on).is_some_and(|column| match index.kind {
            IndexKind::Geo => column.ty == DataType::GeoPoint,
            _ => matches!(column.ty, DataType::Text | DataType::Varchar(_)),
        })
    })
}

fn checks(table: &mut Table, notes: &mut Vec<String>) {
    let at = table.name.clone();
    let mut named = BTreeSet::new();
    table.checks.retain(|check| {
        let stays = is_text(&check.name) && is_text(&check.sql) && named.insert(check.name.clone());
        if !stays {
            notes.push(format!("{at}, check {:?}: left out: it cannot be said in Rust", check.name));
        }
        stays
    });
}

/// The two sides of a foreign key have one Rust type. Whether any key went.
fn keys(schema: &mut Schema, notes: &mut Vec<String>) -> bool {
    let all = schema.tables.clone();
    let mut any = false;
    for table in &mut schema.tables {
        let own = table.columns.clone();
        let at = table.name.clone();
        table.foreign_keys.retain(|key| {
            let target = all.iter().find(|other| other.name == key.target && other.schema == key.target_schema);
            let stays = target.is_some_and(|target| same_types(&own, target, key));
            if !stays {
                any = true;
                notes.push(format!(
                    "{at}, foreign key ({}): left out: its columns and those of {} are not of one type in Rust",
                    key.columns.join(", "),
                    key.target
                ));
            }
            stays
        });
    }
    any
}

fn same_types(own: &[Column], target: &Table, key: &ForeignKey) -> bool {
    let ty = |columns: &[Column], name: &String| {
        let column = columns.iter().find(|column| column.name == *name)?;
        types::rust_type(&column.ty, &types::in_words)
    };
    key.columns.iter().zip(&key.target_columns).all(|(column, other)| {
        let (own, other) = (ty(own, column), ty(&target.columns, other));
        own.is_some() && own == other
    })
}

fn view_is_expressible(view: &View) -> bool {
    let mut seen = BTreeSet::new();
    let distinct = view.columns.iter().all(|column| is_text(column) && seen.insert(column));
    distinct && !view.columns.is_empty() && is_text(&view.name)
}
