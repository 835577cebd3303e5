//! Checks of navigation fields: each stands for exactly one foreign key.

use super::super::message::Message;
use super::super::{ForeignKeys, TableFacts};
use super::same_text;

/// `rel(to)`: the owner has exactly one foreign key to the target, or an alias says which.
#[track_caller]
pub const fn rel_to<Owner: TableFacts, Target: TableFacts>(field: &str, alias: Option<&str>) {
    one_key::<Owner, Target>(field, "rel(to", alias);
}

/// `rel(from)`: the target has exactly one foreign key to the owner, or an alias says which.
#[track_caller]
pub const fn rel_from<Owner: TableFacts, Target: TableFacts>(field: &str, alias: Option<&str>) {
    one_key::<Target, Owner>(field, "rel(from", alias);
}

/// `rel(via = Junction)`: the junction has one foreign key to each side.
#[track_caller]
pub const fn rel_via<Owner: TableFacts, Target: TableFacts, Junction: TableFacts>(field: &str) {
    if Owner::BROKEN || Target::BROKEN || Junction::BROKEN {
        return;
    }
    if same_text(Owner::ID, Target::ID) {
        let keys = count(&Junction::FOREIGN_KEYS, Owner::ID, None);
        if keys != 2 {
            Message::new()
                .code(field)
                .text(" joins ")
                .code(Owner::NAME)
                .text(" to itself: ")
                .code(Junction::NAME)
                .text(" needs two foreign keys to it and has ")
                .number(keys as i128)
                .fail();
        }
        return;
    }
    one_side::<Owner, Junction>(field);
    one_side::<Target, Junction>(field);
}

#[track_caller]
const fn one_side<Side: TableFacts, Junction: TableFacts>(field: &str) {
    let keys = count(&Junction::FOREIGN_KEYS, Side::ID, None);
    if keys != 1 {
        let message = Message::new()
            .code(field)
            .text(" goes via ")
            .code(Junction::NAME)
            .text(", which needs exactly one foreign key to ")
            .code(Side::NAME)
            .text(" and has ");
        match keys {
            0 => message.text("none").fail(),
            _ => message.number(keys as i128).fail(),
        }
    }
}

#[track_caller]
const fn one_key<From: TableFacts, To: TableFacts>(field: &str, attribute: &str, alias: Option<&str>) {
    if From::BROKEN || To::BROKEN {
        return;
    }
    let all = count(&From::FOREIGN_KEYS, To::ID, None);
    let keys = match alias {
        Some(_) => count(&From::FOREIGN_KEYS, To::ID, alias),
        None => all,
    };
    if keys == 1 {
        return;
    }
    let message =
        Message::new().code(field).text(" needs a foreign key from ").code(From::NAME).text(" to ").code(To::NAME);
    match (alias, keys) {
        (Some(alias), 0) if all > 0 => {
            message.text(" with `alias = \"").text(alias).text("\"`, and there is none of that alias").fail()
        }
        (_, 0) => message
            .text(", and there is none: write `#[db(fk = ")
            .text(To::NAME)
            .text("::…)]` on the column of ")
            .code(From::NAME)
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
            .text(To::NAME)
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
