//! The readers of schema documents and plans: whatever they are given, they answer, in one line where it is an error.

use proptest::collection::vec;
use proptest::prelude::*;
use schemasync::{Plan, Schema};
use std::sync::OnceLock;

/// A schema document and a plan that have much in them.
fn samples() -> &'static [String; 2] {
    static SAMPLES: OnceLock<[String; 2]> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let shop = crate::program::Shop::open();
        let plan = shop.run("v2", &["plan", "--json"]).ends(0);
        shop.run("v2", &["sync", "--yes"]).ends(0);
        [shop.run("v2", &["dump"]).ends(0), plan]
    })
}

/// Neither reader panics, and an error of the first is one line a problem.
fn read(text: &str) {
    match Schema::from_json(text) {
        Ok(schema) => {
            // What was read can be written, read, shown and fingerprinted.
            assert_eq!(Schema::from_json(&schema.to_json()).as_ref(), Ok(&schema));
            schema.fingerprint("sqlite", 1);
        }
        Err(error) => assert!(error.to_string().lines().skip(1).all(|line| line.starts_with("  - ")), "{error}"),
    }
    if let Ok(plan) = Plan::from_json(text) {
        let _ = (plan.to_string(), plan.to_sql(), plan.risk(), plan.is_empty());
    }
}

/// One change of a text: bytes taken out, put in, doubled.
fn edited(sample: &str, edits: &[(usize, usize, Vec<u8>)]) -> String {
    let mut bytes = sample.as_bytes().to_vec();
    for (at, length, new) in edits {
        let at = at % (bytes.len() + 1);
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, new.iter().copied());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Any JSON value.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".{0,8}".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Into::into),
            proptest::collection::hash_map("(name|columns|type|tables|steps|entry|[a-z]{1,4})", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Puts a value somewhere into a tree, by choices.
fn replace(tree: &mut serde_json::Value, choices: &[usize], value: serde_json::Value) {
    let children: Vec<&mut serde_json::Value> = match tree {
        serde_json::Value::Array(items) => items.iter_mut().collect(),
        serde_json::Value::Object(map) => map.values_mut().collect(),
        _ => Vec::new(),
    };
    match (choices.split_first(), children.len()) {
        (Some((choice, rest)), count @ 1..) => {
            if let Some(child) = children.into_iter().nth(choice % count) {
                replace(child, rest, value);
            }
        }
        _ => *tree = value,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes(bytes in vec(any::<u8>(), 0..300)) {
        read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn edited_texts(which in 0..2_usize, edits in vec((any::<usize>(), 0..40_usize, vec(any::<u8>(), 0..8)), 1..4)) {
        read(&edited(&samples()[which], &edits));
    }

    #[test]
    fn edited_trees(which in 0..2_usize, edits in vec((vec(any::<usize>(), 0..7), json()), 1..4)) {
        let mut tree: serde_json::Value = serde_json::from_str(&samples()[which]).unwrap();
        for (choices, value) in edits {
            replace(&mut tree, &choices, value);
        }
        read(&tree.to_string());
    }

    #[test]
    fn any_json(value in json()) {
        read(&value.to_string());
    }
}

#[test]
fn the_samples_are_read() {
    let [schema, plan] = samples();
    assert_eq!(Schema::from_json(schema).unwrap().tables.len(), 2);
    assert_eq!(Plan::from_json(plan).unwrap().steps.len(), 8);
}
