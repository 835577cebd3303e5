//! Full-text indexes in random models.

use schemasync::Schema;
use schemasync::descriptor::SortOrder;
use schemasync::model::{DataType, IndexKind, IndexOn, Table};

/// The model with full-text indexes in the place of plain ones that fall or are over several columns, where those are text. So they come,
/// change and go as the plain ones do, and with the types of their columns.
pub fn with_search(mut schema: Schema) -> Schema {
    for table in &mut schema.tables {
        let plain = table.clone();
        let taken: Vec<String> = plain.indexes.iter().map(|index| index.name.to_lowercase()).collect();
        for index in &mut table.indexes {
            let falls = index.parts.first().is_some_and(|part| part.order == SortOrder::Desc);
            let is_text =
                index.parts.iter().all(|part| matches!(&part.on, IndexOn::Column(name) if holds_text(&plain, name)));
            // FTS5 keeps names of its own, which end so.
            let clear = !taken.iter().any(|name| name.starts_with(&format!("{}_", index.name.to_lowercase())));
            let suits = index.kind == IndexKind::Plain && index.predicate.is_none() && (falls || index.parts.len() > 1);
            if !(suits && is_text && clear) {
                continue;
            }
            index.kind = IndexKind::Fulltext;
            index.language = (index.name.len() % 2 == 0).then(|| "english".to_owned());
            for (at, part) in (1..).zip(&mut index.parts) {
                part.order = SortOrder::Asc;
                part.weight = falls.then_some(at);
            }
        }
    }
    // Two indexes of one name and kind would be one.
    for table in &mut schema.tables {
        let mut seen = std::collections::BTreeSet::new();
        for index in &mut table.indexes {
            while !seen.insert((format!("{:?}", index.kind), index.name.to_lowercase())) {
                index.name.push('_');
            }
        }
    }
    schema
}

fn holds_text(table: &Table, name: &str) -> bool {
    table.columns.iter().any(|column| column.name == name && matches!(column.ty, DataType::Text | DataType::Varchar(_)))
}
