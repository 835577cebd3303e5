//! How a column counts up: identity, `serial`, auto-increment.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// What makes the numbers of a column that counts up, where the database has several such things (PostgreSQL).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IncrementForm {
    /// An identity that lets given values in.
    #[default]
    ByDefault,
    /// An identity that refuses given values.
    Always,
    /// A sequence that the column owns, and a default that reads it.
    Serial,
}

/// `default(increment)`: a column that counts up. Where nothing is said the database's own rules hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Increment {
    /// The first value, 1 when not said.
    pub start: i64,
    /// What makes the numbers.
    pub form: IncrementForm,
    /// From one number to the next; a negative one counts down.
    pub step: Option<i64>,
    /// The least number.
    pub min: Option<i64>,
    /// The greatest number.
    pub max: Option<i64>,
    /// How many numbers a session takes at once.
    pub cache: Option<i64>,
    /// Whether it begins again at its end.
    pub cycle: bool,
}

impl Increment {
    /// From that number on, by one.
    pub const fn starting_at(start: i64) -> Self {
        Self { start, form: IncrementForm::ByDefault, step: None, min: None, max: None, cache: None, cycle: false }
    }

    /// In that form.
    pub const fn form(self, form: IncrementForm) -> Self {
        Self { form, ..self }
    }

    /// By that step.
    pub const fn step(self, step: i64) -> Self {
        Self { step: Some(step), ..self }
    }

    /// Not below that number.
    pub const fn min(self, min: i64) -> Self {
        Self { min: Some(min), ..self }
    }

    /// Not above that number.
    pub const fn max(self, max: i64) -> Self {
        Self { max: Some(max), ..self }
    }

    /// So many numbers at once.
    pub const fn cache(self, cache: i64) -> Self {
        Self { cache: Some(cache), ..self }
    }

    /// Beginning again at the end.
    pub const fn cycle(self) -> Self {
        Self { cycle: true, ..self }
    }

    /// Whether it is only said where it begins.
    pub fn is_plain(&self) -> bool {
        *self == Self::starting_at(self.start)
    }

    /// What is said beside the start and the form.
    pub(crate) fn has_options(&self) -> bool {
        !Self { form: IncrementForm::ByDefault, ..*self }.is_plain()
    }
}

impl Default for Increment {
    fn default() -> Self {
        Self::starting_at(1)
    }
}

impl From<i64> for Increment {
    fn from(start: i64) -> Self {
        Self::starting_at(start)
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn one() -> i64 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(value: &i64) -> bool {
    *value == 1
}

/// As an object of a document.
#[derive(serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Object {
    #[serde(default = "one", skip_serializing_if = "is_one")]
    start: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    form: IncrementForm,
    #[serde(default, skip_serializing_if = "is_default")]
    step: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    min: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    max: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    cache: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    cycle: bool,
}

/// A number, where only the start is said.
impl Serialize for Increment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_plain() {
            return self.start.serialize(serializer);
        }
        let Self { start, form, step, min, max, cache, cycle } = *self;
        Object { start, form, step, min, max, cache, cycle }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Increment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IncrementVisitor;

        impl<'de> Visitor<'de> for IncrementVisitor {
            type Value = Increment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "the first number, or an object with `start`, `form`, `step`, `min`, `max`, `cache`, `cycle`",
                )
            }

            fn visit_i64<E: Error>(self, start: i64) -> Result<Increment, E> {
                Ok(Increment::starting_at(start))
            }

            fn visit_u64<E: Error>(self, start: u64) -> Result<Increment, E> {
                let start =
                    i64::try_from(start).map_err(|_| E::custom(format_args!("{start} is too large for a column")))?;
                Ok(Increment::starting_at(start))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Increment, A::Error> {
                let Object { start, form, step, min, max, cache, cycle } =
                    Object::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Increment { start, form, step, min, max, cache, cycle })
            }
        }

        deserializer.deserialize_any(IncrementVisitor)
    }
}

#[cfg(feature = "json-schema")]
impl schemars::JsonSchema for Increment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Increment".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A column that counts up: its first value, or all of how it counts.",
            "anyOf": [{ "type": "integer" }, generator.subschema_for::<Object>()]
        })
    }
}
