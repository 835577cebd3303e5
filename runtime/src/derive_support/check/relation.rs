//! Checks of navigation fields: each stands for exactly one foreign key.

use super::super::message::Message;
use super::super::{Facts, ForeignKeys};
use super::same_text;

/// `rel(to)`: the owner has exactly one foreign key to the target, or an alias says which.
#[track_caller]
pub const fn rel_to(owner: &Facts, target: &Facts, field: &str, alias: Option<&str>) {
    one_key(owner, target, field, "rel(to", alias);
}

/// `rel(from)`: the target has exactly one foreign key to the owner, or an alias says which.
#[track_caller]
pub const fn rel_from(owner: &Facts, target: &Facts, field: &str, alias: Option<&str>) {
    one_key(target, owner, field, "rel(from", alias);
}

/// `rel(via = Junction)`: the junction has one foreign key to each side.
#[track_caller]
pub const fn rel_via(owner: &Facts, target: &Facts, junction: &Facts, field: &str) {
    if owner.broken || target.broken || junction.broken {
        return;
    }
    if same_text(owner.id, target.id) {
        let keys = count(&junction.foreign_keys, owner.id, None);
        if keys != 2 {
            Message::new()
                .code(field)
                .text(" joins ")
                .code(owner.name)
                .text(" to itself: ")
                .code(junction.name)
                .text(" needs two foreign keys to it and has ")
                .number(keys as i128)
                .fail();
        }
        return;
    }
    one_side(owner, junction, field);
    one_side(target, junction, field);
}

#[track_caller]
const fn one_side(side: &Facts, junction: &Facts, field: &str) {
    let keys = count(&junction.foreign_keys, side.id, None);
    if keys != 1 {
        let message = Message::new()
            .code(field)
            .text(" goes via ")
            .code(junction.name)
            .text(", which needs exactly one foreign key to ")
            .code(side.name)
            .text(" and has ");
        match keys {
            0 => message.text("none").fail(),
            _ => message.number(keys as i128).fail(),
        }
    }
}

#[track_caller]
const fn one_key(from: &Facts, to: &Facts, field: &str, attribute: &str, alias: Option<&str>) {
    if from.broken || to.broken {
        return;
    }
    let all = count(&from.foreign_keys, to.id, None);
    let keys = match alias {
        Some(_) => count(&from.foreign_keys, to.id, alias),
        None => all,
    };
    if keys == 1 {
        return;
    }
    let message =
        Message::new().code(field).text(" needs a foreign key from ").code(from.name).text(" to ").code(to.name);
    match (alias, keys) {
        (Some(alias), 0) if all > 0 => {
            message.text(" with `alias = \"").text(alias).text("\"`, and there is none of that alias").fail()
        }
        (_, 0) => message
            .text(", and there is none: write `#[db(fk = ")
            .text(to.name)
            .text("::…)]` on the column of ")
            .code(from.name)
            .text(" that refers to it")
            .fail(),
        (Some(alias), _) => {
            message.text(", and ").number(keys as i128).text(" have the alias \"").text(alias).text("\"").fail()
        }
        (None, _) => message
            .text(", and there are ")
            .number(keys as i128)
            .text(": say which, with `")
            .text(attribute)
            .text(" = \"alias\")` here and `fk(")
            .text(to.name)
            .text("::…, alias = \"alias\")` there")
            .fail(),
    }
}

/// How many foreign keys, embedded structs included, point at that table (under that alias).
const fn count(keys: &ForeignKeys, target: &str, alias: Option<&str>) -> usize {
    let mut found = 0;
    let mut i = 0;
    while i < keys.own.len() {
        let fits = match (alias, keys.own[i].alias) {
            (None, _) => true,
            (Some(wanted), Some(alias)) => same_text(wanted, alias),
            (Some(_), None) => false,
        };
        if fits && same_text(keys.own[i].target, target) {
            found += 1;
        }
        i += 1;
    }
    let mut i = 0;
    while i < keys.embedded.len() {
        found += count(&keys.embedded[i], target, alias);
        i += 1;
    }
    found
}
