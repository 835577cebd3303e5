//! The enum types of a random model: labels that come, go, change places and names; types that do.

use super::model::{Column, Expression, Model, Uid};
use super::{Choices, names};
use schemasync::model::{DataType, DefaultValue, PostgresEnum};
use std::collections::{BTreeMap, BTreeSet};

/// An enum type.
#[derive(Debug, Clone)]
pub(super) struct Enum {
    pub(super) uid: Uid,
    pub(super) name: String,
    pub(super) renamed: Vec<String>,
    pub(super) labels: Vec<Label>,
}

/// One of its labels.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub(super) text: String,
    pub(super) renamed: Vec<String>,
}

/// That a column is of an enum type, or of an array of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EnumRef {
    pub(super) of: Uid,
    pub(super) array: bool,
}

impl Enum {
    /// The type of its columns.
    pub(super) fn data_type(&self, array: bool) -> DataType {
        let mut claimed = BTreeSet::new();
        let mut renamed_labels = BTreeMap::new();
        for label in &self.labels {
            let mut renamed = label.renamed.clone();
            renamed.retain(|old| *old != label.text && claimed.insert(old.clone()));
            if !renamed.is_empty() {
                renamed_labels.insert(label.text.clone(), renamed);
            }
        }
        let mut renamed = self.renamed.clone();
        renamed.retain(|old| *old != self.name);
        let native = PostgresEnum { ty: self.name.clone(), schema: None, renamed, renamed_labels };
        let ty = DataType::Enum {
            name: "tier".into(),
            variants: self.labels.iter().map(|label| label.text.clone()).collect(),
            postgres: Some(Box::new(native)),
        };
        if array { DataType::Array(Box::new(ty)) } else { ty }
    }

    fn has(&self, label: &str) -> bool {
        self.labels.iter().any(|known| known.text == label)
    }

    fn free_label(&self, choices: &mut Choices<'_>) -> String {
        let label = names::label(choices);
        if !self.has(&label) {
            return label;
        }
        (2..).map(|n| format!("{label}{n}")).find(|label| !self.has(label)).unwrap_or(label)
    }
}

/// The labels of a type, where it is an enum.
pub(super) fn labels(ty: &DataType) -> &[String] {
    match ty {
        DataType::Enum { variants, .. } => variants,
        _ => &[],
    }
}

impl Column {
    /// Gives the column the type that its enum says now.
    pub(super) fn follow(&mut self, enums: &[Enum]) {
        let Some(EnumRef { of, array }) = self.of else { return };
        let Some(found) = enums.iter().find(|found| found.uid == of) else {
            self.of = None;
            self.ty = DataType::Text;
            return;
        };
        self.ty = found.data_type(array);
        if matches!(&self.default, Some(DefaultValue::Text(text)) if array || !found.has(text)) {
            self.default = None;
        }
    }
}

impl Expression {
    /// Takes out a label that the column cannot have.
    pub(super) fn follow(&mut self, columns: &[(Uid, DataType)]) {
        let column = columns.iter().find(|(uid, _)| *uid == self.column);
        let known = |label: &String| column.is_some_and(|(_, ty)| labels(ty).contains(label));
        self.label = self.label.take().filter(known);
    }
}

impl Model {
    pub(super) fn add_enum(&mut self, choices: &mut Choices<'_>) {
        let name = names::free(names::enum_type(choices), &self.taken());
        let mut made = Enum { uid: self.uid(), name, renamed: Vec::new(), labels: Vec::new() };
        for _ in 0..=choices.below(4) {
            let text = made.free_label(choices);
            made.labels.push(Label { text, renamed: Vec::new() });
        }
        self.enums.push(made);
    }

    /// One of the enum types for a column, now and then.
    pub(super) fn random_enum(&self, choices: &mut Choices<'_>) -> Option<EnumRef> {
        if self.enums.is_empty() || !choices.one_in(3) {
            return None;
        }
        let at = choices.place(self.enums.len())?;
        Some(EnumRef { of: self.enums[at].uid, array: choices.one_in(4) })
    }

    /// An edit of the enum types.
    pub(super) fn edit_enums(&mut self, choices: &mut Choices<'_>) {
        let what = choices.below(10);
        let Some(at) = choices.place(self.enums.len()) else { return self.add_enum(choices) };
        let label = choices.below(self.enums[at].labels.len());
        match what {
            0..=2 => {
                let text = self.enums[at].free_label(choices);
                let place = choices.below(self.enums[at].labels.len() + 1);
                self.enums[at].labels.insert(place, Label { text, renamed: Vec::new() });
            }
            3 | 4 => {
                if self.enums[at].labels.len() > 1 {
                    self.enums[at].labels.remove(label);
                }
            }
            5 => {
                let other = choices.below(self.enums[at].labels.len());
                self.enums[at].labels.swap(label, other);
            }
            6 | 7 => {
                let old = self.enums[at].labels[label].text.clone();
                let new = self.enums[at].free_label(choices);
                self.rename_label(at, label, new);
                // A chain: another label takes the name that has become free.
                if choices.one_in(4) && self.enums[at].labels.len() > 1 {
                    let next = (label + 1) % self.enums[at].labels.len();
                    self.rename_label(at, next, old);
                } else if choices.one_in(6) {
                    self.enums[at].labels.push(Label { text: old, renamed: Vec::new() });
                } else if choices.one_in(10) {
                    self.enums[at].labels[label].renamed.clear();
                }
            }
            8 => {
                let new = names::free(names::enum_type(choices), &self.taken());
                let old = std::mem::replace(&mut self.enums[at].name, new);
                if choices.one_in(10) {
                    self.enums[at].renamed.clear();
                } else {
                    self.enums[at].renamed.push(old);
                }
            }
            _ => {
                if choices.one_in(2) {
                    self.add_enum(choices);
                } else {
                    self.enums.remove(at);
                }
            }
        }
    }

    /// With the label go the defaults and the expressions that name it.
    fn rename_label(&mut self, at: usize, label: usize, new: String) {
        let of = self.enums[at].uid;
        let label = &mut self.enums[at].labels[label];
        let old = std::mem::replace(&mut label.text, new.clone());
        label.renamed.push(old.clone());
        for table in &mut self.tables {
            let mut members: Vec<Uid> = Vec::new();
            for column in table.columns.iter_mut().filter(|column| column.of.is_some_and(|known| known.of == of)) {
                members.push(column.uid);
                if column.default == Some(DefaultValue::Text(old.clone())) {
                    column.default = Some(DefaultValue::Text(new.clone()));
                }
            }
            for expression in table.expressions_mut().filter(|expression| members.contains(&expression.column)) {
                if expression.label.as_ref() == Some(&old) {
                    expression.label = Some(new.clone());
                }
            }
        }
    }
}
