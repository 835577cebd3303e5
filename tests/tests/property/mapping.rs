//! Which old table or column a new one is, by the rules (T2, C4) and without schemasync.

use std::collections::BTreeMap;

/// For each wanted `(name, earlier names)`: the live name that it continues.
pub(crate) fn sources(
    wanted: &[(&str, &[String])],
    live: &[&str],
    fold: impl Fn(&str) -> String,
) -> Vec<Option<String>> {
    let mut present: BTreeMap<String, String> = live.iter().map(|name| (fold(name), (*name).to_owned())).collect();
    let mut arrived: Vec<String> = Vec::new();
    let mut moved = true;
    while moved {
        moved = false;
        for (name, renamed) in wanted {
            if present.contains_key(&fold(name)) {
                continue;
            }
            let mut old: Vec<String> = renamed
                .iter()
                .map(|old| fold(old))
                .filter(|old| present.contains_key(old) && !arrived.contains(old))
                .collect();
            old.sort();
            old.dedup();
            if old.len() > 1 {
                old.retain(|old| {
                    !wanted.iter().any(|(other, renamed)| {
                        fold(other) == *old && !renamed.iter().any(|name| present.contains_key(&fold(name)))
                    })
                });
            }
            if let [only] = old.as_slice()
                && let Some(source) = present.remove(only)
            {
                present.insert(fold(name), source);
                arrived.push(fold(name));
                moved = true;
            }
        }
    }
    wanted.iter().map(|(name, _)| present.get(&fold(name)).cloned()).collect()
}
