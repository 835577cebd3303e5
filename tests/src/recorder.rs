//! [`Recorder`]: a tracing subscriber that keeps what it hears.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps the target and the text of the fields of every event.
#[derive(Debug, Clone)]
pub struct Recorder {
    events: Arc<Mutex<Vec<(String, String)>>>,
}

impl Default for Recorder {
    /// A recorder that has heard nothing. With the first one a subscriber is made that lives on: while none does, the first use of an
    /// event on another test's thread switches it off for all.
    fn default() -> Self {
        static KEPT: OnceLock<tracing::Dispatch> = OnceLock::new();
        KEPT.get_or_init(|| tracing::Dispatch::new(Self { events: Arc::default() }));
        Self { events: Arc::default() }
    }
}

impl Recorder {
    /// The fields of the events of that target and those below it.
    pub fn events(&self, target: &str) -> Vec<String> {
        let events = self.events.lock().expect("no event panics");
        events.iter().filter(|(of, _)| of.starts_with(target)).map(|(_, fields)| fields.clone()).collect()
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("schemasync") || metadata.target().starts_with("sqlx")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        let mut events = self.events.lock().expect("no event panics");
        events.push((event.metadata().target().to_owned(), fields.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Fields(String);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push_str(&format!("{}={value} ", field.name()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push_str(&format!("{}={value:?} ", field.name()));
    }
}
