//! Attributes to a validated item: everything that one struct's attributes can tell. All errors go to the context.

mod attributes;
mod bound;
mod columns;
mod conflicts;
mod foreign_key;
mod index;
mod relation;
mod shape;
mod types;
mod value;
mod view;

pub(crate) use foreign_key::ForeignKey;
pub(crate) use index::{Index, Kind, On};
pub(crate) use relation::innermost;
pub(crate) use shape::named_fields;
pub(crate) use types::{concrete, owner_type};
pub(crate) use value::{NativeEnum, Value, ValueKind, value};
pub(crate) use view::{View, ViewField, view};

use heck::ToSnakeCase;
use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{DeriveInput, Path};

use crate::context::Context;
use crate::parse::{FieldAttrs, Place, TableAttrs, comment, crate_path};

/// A table or an embedded struct without errors in its attributes.
pub(crate) struct Model {
    pub(crate) place: Place,
    pub(crate) krate: Path,
    pub(crate) ident: Ident,
    /// The type with `'static` for every lifetime.
    pub(crate) owner: TokenStream,
    /// Physical name.
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) attrs: TableAttrs,
    pub(crate) fields: Vec<Field>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
}

/// One field.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// The Rust name without `r#`.
    pub(crate) name: String,
    /// Physical name.
    pub(crate) column: String,
    /// The type as written.
    pub(crate) written: syn::Type,
    /// The type with `'static` for every lifetime and without `Self`.
    pub(crate) ty: TokenStream,
    pub(crate) comment: Option<String>,
    pub(crate) kind: FieldKind,
    pub(crate) attrs: FieldAttrs,
}

/// What a field becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Column,
    Embed,
    Relation,
    Skip,
}

impl Model {
    /// `User::email`, for messages.
    pub(crate) fn path_of(&self, field: &Field) -> String {
        format!("{}::{}", self.ident.unraw(), field.name)
    }

    /// The name for messages.
    pub(crate) fn rust_name(&self) -> String {
        self.ident.unraw().to_string()
    }
}

/// Checks a table or an embedded struct. `None` only when there is nothing to go on with; the context has the errors.
pub(crate) fn model(cx: &Context, place: Place, input: &DeriveInput) -> Option<Model> {
    let attrs = TableAttrs::parse(cx, place, &input.attrs);
    let derive = match place {
        Place::Table => "DbTable",
        Place::Embed => "DbEmbed",
    };
    shape::lifetimes_only(cx, derive, input);
    let fields = shape::struct_fields(cx, derive, input)?;
    let owner = owner_type(input);
    let fields: Vec<Field> = fields
        .iter()
        .filter_map(|field| {
            let ident = field.ident.clone()?;
            let attrs = FieldAttrs::parse(cx, &field.attrs);
            let name = ident.unraw().to_string();
            Some(Field {
                column: attrs.column.as_ref().map_or_else(|| name.clone(), |column| column.value.value()),
                kind: conflicts::kind(cx, place, &attrs),
                written: field.ty.clone(),
                ty: concrete(&field.ty, &owner),
                comment: comment(&field.attrs),
                ident,
                name,
                attrs,
            })
        })
        .collect();
    let mut model = Model {
        place,
        krate: crate_path(&input.attrs),
        name: attrs.table.as_ref().map_or_else(|| input.ident.unraw().to_string().to_snake_case(), |t| t.value.value()),
        ident: input.ident.clone(),
        owner,
        comment: comment(&input.attrs),
        attrs,
        fields,
        indexes: Vec::new(),
        foreign_keys: Vec::new(),
    };
    columns::check(cx, &model);
    bound::check(cx, input, &model.fields);
    attributes::check(cx, &model);
    relation::check(cx, &model);
    model.indexes = index::collect(cx, &model);
    model.foreign_keys = foreign_key::collect(cx, &model);
    Some(model)
}
