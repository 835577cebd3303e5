//! The short forms that a schema document may use: `"type": "decimal"`, `"default": 0`, `"primary_key": "id"`, `"parts": ["email"]`.
//!
//! Reading takes both forms, writing always gives one, so that the canonical JSON (rule S1) is a function of the model.

use super::{DataType, DefaultValue, IndexOn, IndexPart};
use crate::descriptor::SortOrder;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt;

/// `{"column": "a", "order": "desc"}` or `{"expression": "lower(a)"}`: flat, with what says nothing left out.
impl Serialize for IndexPart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.on {
            IndexOn::Column(name) => map.serialize_entry("column", name)?,
            IndexOn::Expression(sql) => map.serialize_entry("expression", sql)?,
        }
        if self.order != SortOrder::Asc {
            map.serialize_entry("order", &self.order)?;
        }
        if let Some(weight) = self.weight {
            map.serialize_entry("weight", &weight)?;
        }
        map.end()
    }
}

/// An index part as an object. One of `column` and `expression` must be there.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct IndexPartObject {
    column: Option<String>,
    expression: Option<String>,
    #[serde(default)]
    order: SortOrder,
    #[serde(default)]
    weight: Option<u32>,
}

impl<'de> Deserialize<'de> for IndexPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PartVisitor;

        impl<'de> Visitor<'de> for PartVisitor {
            type Value = IndexPart;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column name, or an object with `column` or `expression`")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<IndexPart, E> {
                Ok(IndexPart::column(name))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<IndexPart, A::Error> {
                let object = IndexPartObject::deserialize(MapAccessDeserializer::new(map))?;
                let on = match (object.column, object.expression) {
                    (Some(column), None) => IndexOn::Column(column),
                    (None, Some(sql)) => IndexOn::Expression(sql),
                    (Some(_), Some(_)) => {
                        return Err(A::Error::custom("an index part has either `column` or `expression`, not both"));
                    }
                    (None, None) => return Err(A::Error::custom("an index part needs `column` or `expression`")),
                };
                Ok(IndexPart { on, order: object.order, weight: object.weight })
            }
        }

        deserializer.deserialize_any(PartVisitor)
    }
}

/// A type, where `"decimal"` stands for `{"decimal": null}`.
pub(super) fn data_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DataType, D::Error> {
    struct TypeVisitor;

    impl<'de> Visitor<'de> for TypeVisitor {
        type Value = DataType;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a type, as in \"int64\" or {\"varchar\": 255}")
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<DataType, E> {
            match name {
                "decimal" => Ok(DataType::Decimal(None)),
                name => DataType::deserialize(StrDeserializer::<E>::new(name)),
            }
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<DataType, A::Error> {
            DataType::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_any(TypeVisitor)
}

/// As [`data_type`], where there may be none.
pub(super) fn optional_data_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DataType>, D::Error> {
    struct Given(DataType);

    impl<'de> Deserialize<'de> for Given {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            data_type(deserializer).map(Self)
        }
    }

    Ok(Option::<Given>::deserialize(deserializer)?.map(|given| given.0))
}

/// A default, where a boolean, an integer and a float stand for themselves. A text does not: `"now"` is the current time,
/// `{"text": "now"}` is a word.
pub(super) fn default_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DefaultValue>, D::Error> {
    struct DefaultVisitor;

    impl<'de> Visitor<'de> for DefaultVisitor {
        type Value = Option<DefaultValue>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a default, as in 0, true, \"now\", {\"text\": \"free\"} or {\"sql\": \"random()\"}")
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
            Ok(Some(DefaultValue::Bool(value)))
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
            Ok(Some(DefaultValue::Int(value.into())))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
            Ok(Some(DefaultValue::Int(value.into())))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
            Ok(Some(DefaultValue::Float(value)))
        }

        fn visit_str<E: Error>(self, word: &str) -> Result<Self::Value, E> {
            match word {
                "now" => Ok(Some(DefaultValue::Now)),
                "uuid" => Ok(Some(DefaultValue::Uuid)),
                word => Err(E::custom(format_args!(
                    "unknown default {word:?}: write \"now\", \"uuid\", {{\"text\": …}} for a text or {{\"sql\": …}} for an expression"
                ))),
            }
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            DefaultValue::deserialize(MapAccessDeserializer::new(map)).map(Some)
        }
    }

    deserializer.deserialize_any(DefaultVisitor)
}

/// A list of column names, where one name stands for a list of one.
pub(super) fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct NamesVisitor;

    impl<'de> Visitor<'de> for NamesVisitor {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a name or a list of names")
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<Vec<String>, E> {
            Ok(vec![name.to_owned()])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<String>, A::Error> {
            let mut names = Vec::new();
            while let Some(name) = seq.next_element()? {
                names.push(name);
            }
            Ok(names)
        }
    }

    deserializer.deserialize_any(NamesVisitor)
}

/// The JSON Schema of these forms.
#[cfg(feature = "json-schema")]
pub(super) mod schema {
    use super::{DataType, DefaultValue, IndexPart, SortOrder};
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use std::borrow::Cow;

    pub(in crate::model) fn data_type(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Type.",
            "anyOf": [generator.subschema_for::<DataType>(), { "const": "decimal" }]
        })
    }

    pub(in crate::model) fn optional_data_type(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Type.",
            "anyOf": [generator.subschema_for::<DataType>(), { "const": "decimal" }, { "type": "null" }]
        })
    }

    pub(in crate::model) fn default_value(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Default. A boolean and a number stand for themselves; a text is `{\"text\": \"…\"}`.",
            "anyOf": [generator.subschema_for::<DefaultValue>(), { "type": ["boolean", "number", "null"] }]
        })
    }

    pub(in crate::model) fn names(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One name, or a list of names.",
            "anyOf": [{ "type": "array", "items": { "type": "string" } }, { "type": "string" }]
        })
    }

    impl JsonSchema for IndexPart {
        fn schema_name() -> Cow<'static, str> {
            "IndexPart".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let order = generator.subschema_for::<SortOrder>();
            let object = |what: &str| {
                json_schema!({
                    "type": "object",
                    "properties": {
                        (what): { "type": "string" },
                        "order": order,
                        "weight": { "type": ["integer", "null"], "minimum": 0, "maximum": u32::MAX }
                    },
                    "required": [what],
                    "additionalProperties": false
                })
            };
            json_schema!({
                "description": "One part of an index: a column by its name, or an object with a column or an expression.",
                "anyOf": [{ "type": "string" }, object("column"), object("expression")]
            })
        }
    }
}
