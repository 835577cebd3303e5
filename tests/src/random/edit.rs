//! Random edits: what a developer does between two deploys, and what nobody should.

use super::model::{
    Column, Expression, Model, Table, VALUES, add_check, add_index, collation, comment, method, random_default,
    random_key, random_type,
};
use super::{Choices, names};
use schemasync::descriptor::ReferentialAction;

/// The model after one to eight edits.
pub fn edit(model: &Model, choices: &mut Choices<'_>) -> Model {
    let mut edited = model.clone();
    for _ in 0..=choices.below(8) {
        one(&mut edited, choices);
        edited.tidy();
    }
    if edited.tables.is_empty() {
        edited.add_table(choices);
        edited.tidy();
    }
    edited
}

fn one(model: &mut Model, choices: &mut Choices<'_>) {
    match choices.below(14) {
        0..=6 => with_table(model, choices, edit_table),
        7 => model.add_table(choices),
        8 => {
            if let Some(at) = choices.place(model.tables.len()) {
                model.tables.remove(at);
            }
        }
        9 => model.add_foreign_key(choices),
        10 => rename_table(model, choices),
        11 | 12 => model.edit_views(choices),
        _ => model.edit_enums(choices),
    }
}

fn with_table(model: &mut Model, choices: &mut Choices<'_>, edit: fn(&mut Model, &mut Table, &mut Choices<'_>)) {
    if let Some(at) = choices.place(model.tables.len()) {
        let mut table = model.tables[at].clone();
        edit(model, &mut table, choices);
        model.tables[at] = table;
    }
}

fn edit_table(model: &mut Model, table: &mut Table, choices: &mut Choices<'_>) {
    match choices.below(22) {
        0 | 1 => model.add_column(table, choices),
        2 => drop_column(table, choices),
        3 | 4 => rename_column(model, table, choices),
        5 => with_column(table, choices, |column, choices| {
            (column.ty, column.native) = random_type(choices);
            column.of = model.random_enum(choices);
            column.native = column.native.filter(|_| column.of.is_none());
            column.default = None;
            column.follow(&model.enums);
        }),
        6 => with_column(table, choices, |column, _| column.nullable = !column.nullable),
        7 => with_column(table, choices, |column, choices| {
            column.default = if choices.one_in(3) { None } else { random_default(&column.ty, choices) };
        }),
        8 => with_column(table, choices, |column, choices| column.collate = collation(choices)),
        9 => add_index(table, choices),
        10 => {
            if let Some(at) = choices.place(table.indexes.len()) {
                table.indexes.remove(at);
            }
        }
        11 => {
            if let Some(at) = choices.place(table.indexes.len()) {
                let index = &mut table.indexes[at];
                match choices.below(3) {
                    0 => index.unique = !index.unique,
                    1 => index.parts[0].desc = !index.parts[0].desc,
                    _ => index.parts.reverse(),
                }
            }
        }
        12 => {
            if let Some(at) = choices.place(table.foreign_keys.len()) {
                if choices.one_in(2) {
                    table.foreign_keys.remove(at);
                } else {
                    let actions =
                        [ReferentialAction::Cascade, ReferentialAction::SetNull, ReferentialAction::SetDefault];
                    table.foreign_keys[at].on_delete = *choices.pick(&actions);
                }
            }
        }
        13 => {
            if choices.one_in(2) && !table.checks.is_empty() {
                table.checks.pop();
            } else {
                add_check(table, choices);
            }
        }
        14 => random_key(table, choices),
        15 => table.strict = !table.strict,
        16 => table.without_rowid = !table.without_rowid,
        17 => table.method = method(choices),
        18 => generated(table, choices),
        19 => match choices.below(5) {
            3 => table.elsewhere = !table.elsewhere,
            0 => table.unlogged = !table.unlogged,
            1 => table.fillfactor = if table.fillfactor.is_some() { None } else { Some(50) },
            _ => table.comment = comment(choices),
        },
        20 => with_column(table, choices, |column, choices| column.comment = comment(choices)),
        _ => {
            let by = choices.below(table.columns.len().max(1));
            table.columns.rotate_left(by);
        }
    }
}

fn with_column(table: &mut Table, choices: &mut Choices<'_>, edit: impl FnOnce(&mut Column, &mut Choices<'_>)) {
    if let Some(at) = choices.place(table.columns.len()) {
        edit(&mut table.columns[at], choices);
    }
}

/// In rare cases another one takes its name at once.
fn drop_column(table: &mut Table, choices: &mut Choices<'_>) {
    if table.columns.len() > 1
        && let Some(at) = choices.place(table.columns.len())
    {
        table.columns.remove(at);
    }
}

fn rename_column(model: &mut Model, table: &mut Table, choices: &mut Choices<'_>) {
    let Some(mut at) = choices.place(table.columns.len()) else { return };
    if choices.one_in(3) {
        // Rather one that an expression reads.
        let read = table.expressions_mut().next().map(|expression| expression.column);
        at = table.columns.iter().position(|column| Some(column.uid) == read).unwrap_or(at);
    }
    let old = table.columns[at].name.clone();
    let others: Vec<String> =
        table.columns.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, c)| c.name.clone()).collect();
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    let new = if choices.one_in(4) { names::other_case(&old) } else { names::column(choices) };
    let new = names::free(new, &others);
    if new == old {
        return;
    }
    table.columns[at].name = new;
    if choices.one_in(10) {
        table.columns[at].renamed.clear();
    } else {
        table.columns[at].renamed.push(old.clone());
    }
    if choices.one_in(6) && !table.columns.iter().any(|c| c.name.eq_ignore_ascii_case(&old)) {
        model.add_column(table, choices);
        if let Some(column) = table.columns.last_mut() {
            column.name = old;
        }
    }
}

fn rename_table(model: &mut Model, choices: &mut Choices<'_>) {
    let Some(at) = choices.place(model.tables.len()) else { return };
    let old = model.tables[at].name.clone();
    let taken: Vec<&str> = model.taken().into_iter().filter(|name| *name != old).collect();
    let new = if choices.one_in(4) { names::other_case(&old) } else { names::table(choices) };
    let new = names::free(new, &taken);
    if new == old {
        return;
    }
    model.tables[at].name = new;
    if choices.one_in(10) {
        model.tables[at].renamed.clear();
    } else {
        model.tables[at].renamed.push(old.clone());
    }
    let is_free = !model.taken().iter().any(|name| name.eq_ignore_ascii_case(&old));
    match choices.below(5) {
        3 if is_free => {
            model.add_table(choices);
            if let Some(table) = model.tables.last_mut() {
                table.name = old;
            }
        }
        // A chain: the next table takes the name that has become free.
        4 if is_free && model.tables.len() > 1 => {
            let next = (at + 1) % model.tables.len();
            let before = std::mem::replace(&mut model.tables[next].name, old);
            model.tables[next].renamed.push(before);
        }
        _ => {}
    }
}

fn generated(table: &mut Table, choices: &mut Choices<'_>) {
    let plain: Vec<Column> = table.columns.iter().filter(|c| c.generated.is_none()).cloned().collect();
    let Some(at) = choices.place(table.columns.len()) else { return };
    let stored = choices.one_in(2);
    let Some(of) = choices.place(plain.len()) else { return };
    let value = Expression::random(VALUES, &plain[of], choices);
    let column = &mut table.columns[at];
    column.generated = match &column.generated {
        Some(_) if choices.one_in(2) => None,
        _ if plain[of].uid == column.uid => None,
        _ => Some((value, stored)),
    };
}
