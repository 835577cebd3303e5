//! Checks of foreign keys against the tables that they point at.

use super::super::message::Message;
use super::super::{Column, Facts};
use super::{contains, same_text, words};
use crate::descriptor::LogicalType;

/// The two columns of a pair have the same logical type.
#[track_caller]
pub const fn same_type(column: &Column, target: &Column) {
    let (Some(ty), Some(target_ty)) = (column.known, target.known) else {
        return;
    };
    if !is_same(ty, target_ty) {
        Message::new()
            .text("a foreign key and its target have the same type, but ")
            .code(column.path)
            .text(" is ")
            .text(words(ty))
            .text(" and ")
            .code(target.path)
            .text(" is ")
            .text(words(target_ty))
            .fail();
    }
}

/// The referenced columns, together, are the primary key or unique.
#[track_caller]
pub const fn unique_target(target: &Facts, columns: &[&str]) {
    if target.broken {
        return;
    }
    let mut i = 0;
    let mut part_of = None;
    while i < target.keys.len() {
        let key = target.keys[i];
        if is_same_set(key, columns) {
            return;
        }
        if part_of.is_none() && columns.len() < key.len() && is_subset(columns, key) {
            part_of = Some(key);
        }
        i += 1;
    }
    let message = Message::new().text("a foreign key points at a primary key or at something unique, but ");
    let message = match columns {
        [column] => message.text("`").text(target.name).text("::").text(column).text("` is "),
        _ => message.list(columns).text(" of ").code(target.name).text(" together are "),
    };
    match part_of {
        Some(key) => message.text("only a part of the key (").list(key).text("): refer to all of it").fail(),
        None => message.text("neither").fail(),
    }
}

/// Whether two columns hold the same kind of values.
pub(super) const fn is_same(a: LogicalType, b: LogicalType) -> bool {
    match (a, b) {
        (LogicalType::Enum(_), LogicalType::Enum(_)) | (LogicalType::Array(_), LogicalType::Array(_)) => true,
        (LogicalType::Vector(a), LogicalType::Vector(b)) => a == b,
        _ => same_text(words(a), words(b)),
    }
}

const fn is_same_set(a: &[&str], b: &[&str]) -> bool {
    a.len() == b.len() && is_subset(a, b)
}

const fn is_subset(part: &[&str], whole: &[&str]) -> bool {
    let mut i = 0;
    while i < part.len() {
        if !contains(whole, part[i]) {
            return false;
        }
        i += 1;
    }
    true
}
